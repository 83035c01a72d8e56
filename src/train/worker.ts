import { workerData } from "node:worker_threads";
import { lookup } from "../base/lookup.js";
import { stream } from "../base/rng.js";
import { parse } from "../graph/text.js";
import type { Dataset } from "./dataset.js";
import { endThread } from "./endThread.js";
import type { Engine, Trainer } from "./engine.js";
import * as engines from "./engines/index.js";
import { type Epoch, type Fitted, fit, recipe } from "./fit.js";
import { initialWeights } from "./initial.js";
import type { TrainingAnswer, TrainingQuestion } from "./question.js";
import { withQuietBranches } from "./quiet.js";

/** What every worker of a pool is given when it starts; the data set's arrays are shared, not copied. */
export interface WorkerData {
  readonly dataset: Dataset;
  /** Most the engine may hold. */
  readonly memoryMb: number;
}

/** Answer a question, in a worker thread. What cannot be foreseen (an engine that throws, memory over the cap) ends it. */
export default function answer(question: TrainingQuestion): Promise<TrainingAnswer> {
  return train(question, workerData as WorkerData).catch(endThread);
}

async function train(question: TrainingQuestion, { dataset, memoryMb }: WorkerData): Promise<TrainingAnswer> {
  const started = performance.now();
  const { seed, trial, fidelity } = question;
  const engine = lookup<Engine>(engines, question.engine, "engine");
  const out = parse(question.network);
  const weights = withQuietBranches(out, initialWeights(out, stream(seed, "init", trial)));
  const trainer = await engine.open(out, weights, recipe.optimiser);
  try {
    const epochs: Epoch[] = [];
    const capped = withinMemory(trainer, memoryMb);
    for await (const progress of fit(capped, dataset, fidelity, stream(seed, "data", trial))) {
      if (progress.status === "failed") return progress;
      const { status: _, ...epoch } = progress;
      epochs.push(epoch);
    }
    const total = (of: (epoch: Epoch) => number) => epochs.reduce((sum, epoch) => sum + of(epoch), 0);
    return {
      status: "scored",
      accuracy: epochs.at(-1)!.validationAccuracy,
      epochs,
      engine: engine.build(),
      imagesPerSecond: total((e) => e.images) / total((e) => e.seconds),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    trainer.dispose();
  }
}

/** The trainer's part that fitting needs, which throws once the engine holds more than the cap. */
function withinMemory(trainer: Trainer, memoryMb: number): Fitted {
  const check = (): void => {
    const heldMb = Math.ceil(trainer.heapBytes() / 2 ** 20);
    if (heldMb > memoryMb)
      throw new Error(`needs ${heldMb} MB of memory to train, more than its cap of ${memoryMb} MB`);
  };
  check();
  return {
    step(batch, learningRate) {
      const result = trainer.step(batch, learningRate);
      check();
      return result;
    },
    logits: (batch) => trainer.logits(batch),
  };
}
