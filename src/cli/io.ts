import process from "node:process";
import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from "chalk";

/** All a command sees of the terminal. */
export interface Io {
  /** A line of the answer: standard output, what a pipe should get. */
  print(text: string): void;
  /** A line for eyes: standard error. */
  note(text: string): void;
  /**
   * What is going on right now: on a terminal one line that the next replaces ("" takes it away);
   * elsewhere a plain line at most every 30 seconds.
   */
  status(text: string): void;
  /**
   * Aborted at the first Ctrl-C or SIGTERM; the second ends the process at once. A command that never
   * reads this is simply ended by the first.
   */
  readonly signal: AbortSignal;
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
  /** Columns of standard output; infinite where it is no terminal. */
  readonly width: number;
  /** Styles for `print`, without effect where colour is not wanted. */
  readonly style: ChalkInstance;
  /** Styles for `note`. */
  readonly noteStyle: ChalkInstance;
}

const quietMs = 30_000;

/** The process's own terminal. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  const isTerminal = stderr.isTTY === true;
  let current = "";
  let lastPlain = Date.now();

  const erase = () => {
    if (current !== "") stderr.write("\r\x1b[2K");
  };
  const redraw = () => {
    if (current !== "") stderr.write(current.slice(0, Math.max(1, (stderr.columns ?? 80) - 1)));
  };
  const write = (stream: NodeJS.WriteStream, text: string) => {
    erase();
    stream.write(`${text}\n`);
    redraw();
  };

  return {
    print: (text) => write(stdout, text),
    note: (text) => write(stderr, text),
    status(text) {
      if (isTerminal) {
        erase();
        current = text;
        redraw();
      } else if (text !== "" && Date.now() - lastPlain >= quietMs) {
        lastPlain = Date.now();
        stderr.write(`${text}\n`);
      }
    },
    get signal() {
      return interruption();
    },
    isTerminal,
    get width() {
      return stdout.columns ?? Number.POSITIVE_INFINITY;
    },
    style: new Chalk({ level: colourLevel(supportsColor) }),
    noteStyle: new Chalk({ level: colourLevel(supportsColorStderr) }),
  };
}

/** What chalk found (terminal, TERM, FORCE_COLOR), unless NO_COLOR forbids it (no-color.org). */
const colourLevel = (found: typeof supportsColor) =>
  process.env.NO_COLOR || found === false ? 0 : found.level;

let interrupted: AbortController | undefined;

/** One Ctrl-C can come twice: from the terminal, and passed on by what launched this process, as npx does. */
const sameMs = 200;

function interruption(): AbortSignal {
  if (interrupted === undefined) {
    const controller = new AbortController();
    interrupted = controller;
    let first = 0;
    const stop = () => {
      if (!controller.signal.aborted) first = performance.now();
      else if (performance.now() - first > sameMs) process.exit(130);
      controller.abort();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  }
  return interrupted.signal;
}
