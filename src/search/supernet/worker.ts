import { workerData } from "node:worker_threads";
import { lookup } from "../../base/lookup.js";
import { build } from "../../space/build.js";
import { parseGenome } from "../../space/candidate.js";
import type { Engine } from "../../train/engine.js";
import * as engines from "../../train/engines/index.js";
import type { WorkerData } from "../../train/worker.js";
import { beginning } from "./beginning.js";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { Diverged, trainEpoch } from "./epoch.js";
import type { SupernetAnswer, SupernetQuestion } from "./question.js";
import { scoreOf } from "./score.js";
import { splitsOf } from "./splits.js";

/** The checkpoint this thread last read or wrote, and its hash. */
let last: { readonly hash: string; readonly checkpoint: Checkpoint } | undefined;

async function checkpointOf(folder: string, hash: string): Promise<Checkpoint> {
  if (last?.hash !== hash) last = { hash, checkpoint: await readCheckpoint(folder, hash) };
  return last.checkpoint;
}

/** Answer a question about a supernet, in a worker thread. What cannot be foreseen ends the thread. */
export default function answer(question: SupernetQuestion): Promise<SupernetAnswer> {
  return answered(question, workerData as WorkerData).catch((error) => {
    last = undefined;
    if (error instanceof Diverged) return { kind: "failed", why: error.message };
    return new Promise<never>(() => {
      setImmediate(() => {
        throw error;
      });
    });
  });
}

async function answered(
  question: SupernetQuestion,
  { dataset, memoryMb }: WorkerData,
): Promise<SupernetAnswer> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const { plan, folder } = question;
  const withinMemory = (bytes: number): void => {
    const heldMb = Math.ceil(bytes / 2 ** 20);
    if (heldMb > memoryMb)
      throw new Error(`the supernet needs ${heldMb} MB of memory, more than its cap of ${memoryMb} MB`);
  };
  if (question.kind === "epoch") {
    const checkpoint = question.from === null ? beginning(plan) : await checkpointOf(folder, question.from);
    last = undefined;
    const { learner, ...rest } = await trainEpoch(plan, dataset, checkpoint, withinMemory);
    const after = { weights: checkpoint.weights, learner };
    const hash = await writeCheckpoint(folder, after);
    last = { hash, checkpoint: after };
    return { kind: "epoch", epoch: question.epoch, checkpoint: hash, ...rest, seconds: seconds() };
  }
  const { weights } = await checkpointOf(folder, question.checkpoint);
  const { genome } = question;
  const { accuracy, loss } = await scoreOf(
    {
      plan,
      engine: lookup<Engine>(engines, plan.engine, "engine"),
      shared: weights,
      splits: splitsOf(dataset, plan.fidelity.images),
    },
    build(plan.space, parseGenome(plan.space, genome), plan.proxy),
  );
  return { kind: "score", genome, accuracy, loss, seconds: seconds() };
}
