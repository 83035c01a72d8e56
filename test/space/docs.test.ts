import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { kebab } from "../../src/base/lookup.js";
import * as blocks from "../../src/space/blocks/index.js";
import { readSpace } from "../../src/space/load.js";
import { sizeOfSpace } from "../../src/space/moves.js";

const page = readFileSync("docs/spaces.md", "utf8");

test("the example of docs/spaces.md is a space", () => {
  const [, example] = /```yaml\n([\s\S]*?)```/.exec(page)!;
  assert.ok(sizeOfSpace(readSpace(parse(example!), "docs/spaces.md")) > 100n);
});

test("docs/spaces.md names every block", () => {
  for (const name of Object.keys(blocks)) assert.ok(page.includes(`\`${kebab(name)}\``), name);
});
