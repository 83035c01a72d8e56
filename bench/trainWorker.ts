/** A worker thread that trains one network with one engine, as often and as long as it is asked. */
import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";
import { lookup } from "../src/base/lookup.js";
import { stream } from "../src/base/rng.js";
import type { Engine, Trainer } from "../src/train/engine.js";
import * as engines from "../src/train/engines/index.js";
import { initialWeights } from "../src/train/initial.js";
import { batchSize, learningRate, networkNamed, noiseBatch, optimiser } from "./trainNetworks.js";
import { multiplyAdds } from "./trainPeak.js";
import { type Profile, profiled } from "./trainProfile.js";

export interface Opened {
  readonly build: string;
  /** Until the engine had the network, from when the thread's code ran. */
  readonly openMs: number;
  readonly firstStepMs: number;
  /** Before training, by running statistics; [batch, classes]. */
  readonly logits: readonly number[];
  /** Of the first three steps. */
  readonly losses: readonly number[];
}

export type Ask =
  | { readonly kind: "open"; readonly engine: string; readonly network: string }
  | { readonly kind: "turn"; readonly seconds: number }
  | { readonly kind: "multiplyAdds"; readonly seconds: number }
  | { readonly kind: "profile"; readonly seconds: number };

export type Answer = Opened | number | Profile | { readonly failed: string };

let step: () => ReturnType<Trainer["step"]>;

async function open(engineName: string, network: string): Promise<Opened> {
  const started = performance.now();
  const out = networkNamed(network);
  const batch = noiseBatch(out);
  const engine = lookup<Engine>(engines, engineName, "engine");
  const trainer = await engine.open(out, initialWeights(out, stream(1, "bench", "weights")), optimiser);
  const openMs = performance.now() - started;
  const logits = [...trainer.logits({ images: batch.images, count: batch.count })];
  step = () => trainer.step(batch, learningRate);
  const first = performance.now();
  const losses = [step().loss];
  const firstStepMs = performance.now() - first;
  losses.push(step().loss, step().loss);
  return { build: engine.build(), openMs, firstStepMs, logits, losses };
}

/** Images a second over whole steps, one at least. */
function turn(seconds: number): number {
  const started = performance.now();
  let steps = 0;
  let passed: number;
  do {
    step();
    steps++;
    passed = (performance.now() - started) / 1000;
  } while (passed < seconds);
  return (steps * batchSize) / passed;
}

const answer = (ask: Ask): Promise<Answer> | Answer => {
  if (ask.kind === "open") return open(ask.engine, ask.network);
  if (ask.kind === "multiplyAdds") return multiplyAdds(ask.seconds);
  return ask.kind === "turn" ? turn(ask.seconds) : profiled(() => turn(ask.seconds));
};

parentPort!.on("message", async (ask: Ask) => {
  try {
    parentPort!.postMessage(await answer(ask));
  } catch (error) {
    parentPort!.postMessage({ failed: (error as Error).message });
  }
});
