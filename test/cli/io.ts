import assert from "node:assert/strict";
import { Chalk } from "chalk";
import type { z } from "zod";
import { forms } from "../../scripts/json-forms.js";
import type { Io } from "../../src/cli/io.js";
import { exitCodeOf } from "../../src/cli/main.js";

const plain = new Chalk({ level: 0 });

/** What a command printed and noted, and the `Io` to give it. */
export function memoryIo(width = Number.POSITIVE_INFINITY): {
  readonly io: Io;
  readonly out: string[];
  readonly err: string[];
} {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    print: (line) => out.push(line),
    note: (line) => err.push(line),
    status: () => {},
    signal: new AbortController().signal,
    isTerminal: false,
    width,
    style: plain,
    noteStyle: plain,
  };
  return { io, out, err };
}

/** What a command line prints with --json, which must be one document of its form and nothing else. */
export async function printed<N extends keyof typeof forms>(
  name: N,
  argv: readonly string[],
  codes: readonly number[] = [0],
): Promise<z.output<(typeof forms)[N]>> {
  const { io, out, err } = memoryIo();
  const code = await exitCodeOf([...argv, "--json"], io);
  assert.ok(codes.includes(code), `${code}: ${err.join("\n")}`);
  assert.equal(out.length, 1);
  return forms[name].parse(JSON.parse(out[0]!)) as z.output<(typeof forms)[N]>;
}
