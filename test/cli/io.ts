import { Chalk } from "chalk";
import type { Io } from "../../src/cli/io.js";

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
