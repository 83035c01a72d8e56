import { performance } from "node:perf_hooks";
import { stream } from "../base/rng.js";
import { median } from "../base/stats.js";
import { type Node, nodes } from "../graph/node.js";
import type { Engine } from "./engine.js";
import { recipe } from "./fit.js";
import { initialWeights } from "./initial.js";

/** Steps before the clock counts: V8 compiles the kernels in the first ones. */
const warmUp = 2;
const leastSteps = 3;

/**
 * Training images a second of an engine on a network and random images, on this
 * thread: the median step of as many as fit the time.
 *
 * @throws UserError  when what the engine needs is not there
 */
export async function imagesPerSecond(
  engine: Engine,
  network: Node,
  { batch, seconds }: { readonly batch: number; readonly seconds: number },
): Promise<number> {
  const rng = stream(0, "speed");
  const trainer = await engine.open(network, initialWeights(network, rng), recipe.optimiser);
  try {
    const [c, h, w] = nodes(network)[0]!.shape;
    const images = Float32Array.from({ length: batch * c * h * w }, () => rng.normal());
    const labels = Uint8Array.from({ length: batch }, () => rng.below(network.shape[0]));
    const step = () => {
      const started = performance.now();
      trainer.step({ images, labels, count: batch }, 0.01);
      return (performance.now() - started) / 1000;
    };
    for (let i = 0; i < warmUp; i++) step();
    const taken: number[] = [];
    for (let spent = 0; spent < seconds || taken.length < leastSteps; spent += taken.at(-1)!)
      taken.push(step());
    return batch / median(taken);
  } finally {
    trainer.dispose();
  }
}
