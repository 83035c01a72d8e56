import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Node, nodes } from "../graph/node.js";
import type { Piece } from "../latency/piece.js";
import type { Answer, Job, Visit } from "./job.js";
import { smallModel } from "./smallModel.js";
import { timingModel } from "./timingModel.js";

/** Times networks and their pieces on this computer, one at a time, in a process of its own. */
export interface Timer {
  /** One call of a whole network, from the host's memory and back. */
  call(out: Node): Promise<Visit>;
  /** A kernel or block as it runs within a network. */
  piece(piece: Piece): Promise<Visit>;
  close(): void;
}

const script = fileURLToPath(new URL("./worker.js", import.meta.url));

/** A model may take this long in all; then its process is ended. */
const patienceMs = 120_000;

/**
 * Every method rejects with an Error when the model cannot be loaded, or its process dies; the
 * next call starts another.
 *
 * @param threads  of one operator
 */
export function openTimer(threads: number): Timer {
  let child: ChildProcess | undefined;
  const ask = (job: Job): Promise<Visit> =>
    new Promise((resolve, reject) => {
      child ??= fork(script, { serialization: "advanced" });
      const own = child;
      const fail = (why: string) => {
        done();
        own.kill("SIGKILL");
        child = undefined;
        reject(new Error(why));
      };
      const onExit = (code: number | null, signal: string | null) =>
        fail(`the timing process ended with ${signal ?? code}`);
      const onMessage = (answer: Answer) => {
        done();
        if ("visit" in answer) resolve(answer.visit);
        else reject(new Error(answer.error));
      };
      const timeout = setTimeout(() => fail(`no answer within ${patienceMs / 1000} s`), patienceMs);
      const done = () => {
        clearTimeout(timeout);
        own.off("exit", onExit).off("message", onMessage);
      };
      own.on("exit", onExit).on("message", onMessage);
      own.send(job);
    });
  const askOf = (out: Node, what: Job["what"]) =>
    ask({ model: timingModel(out), shape: [1, ...nodes(out)[0]!.shape], what, threads });
  return {
    call: (out) => askOf(out, "call"),
    piece: (piece) => askOf(smallModel(piece), "piece"),
    close() {
      child?.kill();
      child = undefined;
    },
  };
}
