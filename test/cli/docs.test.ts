import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { exitCodes } from "../../src/base/errors.js";
import { kebab } from "../../src/base/lookup.js";
import * as commands from "../../src/cli/commands/index.js";

const read = (file: string) => readFileSync(file, "utf8");

test("docs/cli.md names every command, and those of every group", () => {
  const doc = read("docs/cli.md");
  for (const [name, entry] of Object.entries(commands)) {
    const row = doc.split("\n").find((line) => line.startsWith(`| \`nas ${kebab(name)}`));
    assert.ok(row, `no row of nas ${name}`);
    if ("commands" in entry)
      for (const sub of Object.keys(entry.commands))
        assert.ok(row.includes(kebab(sub)), `nas ${name} ${sub}`);
  }
});

test("docs/exit-codes.md has a row for each exit code, and no other", () => {
  const rows = [...read("docs/exit-codes.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(rows, Object.values(exitCodes));
});

test("Every link in README and docs leads to a file that is there", () => {
  const pages = [
    "README.md",
    ...readdirSync("docs")
      .filter((f) => f.endsWith(".md"))
      .map((f) => join("docs", f)),
  ];
  for (const page of pages)
    for (const [, to] of read(page).matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(join(dirname(page), to!)), `${page} links to ${to}`);
});

test("README has the two commands, each on a line of its own", () => {
  const lines = read("README.md")
    .split("\n")
    .map((line) => line.trim());
  for (const command of ["npm ci && npx nas search --target iphone13-npu", "npm cit"])
    assert.ok(lines.includes(command), command);
});
