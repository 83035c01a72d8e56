import { exitCodes } from "../base/errors.js";

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: "done",
  runtime: "stopped by the system: disk full, no permission, out of memory",
  usage: "a flag, argument or space file is wrong",
  infeasible: "finished, but no network keeps the limit",
  data: "the data, run or target cannot be read or used",
  locked: "another process is driving this run",
  untrue: "the error bar that a target states does not hold",
  bug: "a bug of nas; please report the trace",
  interrupted: "stopped by Ctrl-C or SIGTERM; `nas resume` continues",
};

/** What `nas help TOPIC` can tell besides the commands' own help. */
export const topics: Readonly<Record<string, string>> = {
  "exit-codes": [
    "Exit codes of nas:",
    "",
    ...Object.entries(exitCodes).map(
      ([kind, code]) => `${String(code).padStart(5)}  ${meanings[kind as keyof typeof exitCodes]}`,
    ),
  ].join("\n"),
};
