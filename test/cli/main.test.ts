import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command, Group } from "../../src/cli/command.js";
import * as commands from "../../src/cli/commands/index.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { memoryIo } from "./io.js";

/** Every command with the words that call it. */
const all: readonly (readonly [words: string, command: Command])[] = Object.entries<Command | Group>(
  commands,
).flatMap(([name, entry]) =>
  "commands" in entry
    ? Object.entries<Command>(entry.commands).map(([sub, command]) => [`${name} ${sub}`, command] as const)
    : [[name, entry] as const],
);

/** Exit code and all that is said of one command line. */
async function say(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = memoryIo();
  const code = await exitCodeOf(argv, io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

test("Every command has a summary without a full stop, and examples that call it with flags it has", () => {
  assert.ok(all.length >= 13);
  for (const [words, { summary, examples, options }] of all) {
    assert.match(summary, /^[a-z].*[^.]$/s, words);
    assert.ok(examples.length > 0, `${words} has no example`);
    assert.ok(
      examples.some((example) => example.startsWith(`nas ${words}`)),
      `no example calls nas ${words}`,
    );
    const known = Object.keys(options).map(
      (name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
    );
    for (const example of examples)
      if (!example.includes("$("))
        for (const flag of example.match(/--[a-z-]+/g) ?? [])
          assert.ok(known.includes(flag), `${example}: ${flag}`);
  }
});

test("Every command that prints results prints them as JSON, too", () => {
  for (const [words, { options }] of all) assert.ok("json" in options, `${words} has no --json`);
});

test("An unknown command is answered with the closest, and exit code 2", async () => {
  assert.deepEqual(await say("serach"), {
    code: 2,
    out: "",
    err: 'error: unknown command "serach"\n       Did you mean search? See nas --help.',
  });
  assert.match(
    (await say("space", "lst")).err,
    /unknown command "lst"\n +Did you mean list\? See nas space --help\./,
  );
});

test("nas help explains topics, and says which there are", async () => {
  const codes = await say("help", "exit-codes");
  assert.equal(codes.code, 0);
  for (const code of [0, 1, 2, 3, 5, 6, 70, 130]) assert.match(codes.out, new RegExp(`^ +${code}  \\w`, "m"));
  assert.equal((await say("help", "exit", "codes")).out, codes.out);
  const unknown = await say("help", "exitcodes");
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /no help on "exitcodes"\n +Did you mean exit-codes\?/);
});

test("What the operating system refuses is exit code 1; what we did not foresee is our bug, with its stack", async () => {
  const broken = (error: Error) => {
    const { io, err } = memoryIo();
    const print = () => {
      throw error;
    };
    return exitCodeOf(["space", "list"], { ...io, print }).then((code) => ({ code, err: err.join("\n") }));
  };
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    syscall: "write",
  });
  assert.deepEqual(await broken(full), { code: 1, err: "error: ENOSPC: no space left on device, write" });
  const bug = await broken(new TypeError("x is not a function"));
  assert.equal(bug.code, 70);
  assert.match(bug.err, /this is a bug of nas[\s\S]*TypeError: x is not a function\n +at /);
});
