import { stream } from "../base/rng.js";
import { type Node, nodes } from "../graph/node.js";
import { sizeOf, weightSpecs } from "../graph/weights.js";
import { type Engine, statisticsMomentum } from "../train/engine.js";
import { initialWeights } from "../train/initial.js";
import type { Weights } from "./foldNorms.js";

/** Enough for a variance where a norm sees one position. */
const count = 4;

/**
 * Weights as before any training, with the running statistics of random images.
 * Without those the norms would not normalise, and products of feature maps
 * overflow float32 in a deep network.
 *
 * @param out  last node, of shape [classes, 1, 1]
 */
export async function untrainedWeights(out: Node, seed: number, engine: Engine): Promise<Weights> {
  const initial = initialWeights(out, stream(seed, "export", "weights"));
  const rng = stream(seed, "export", "statistics");
  const images = Float32Array.from({ length: count * sizeOf(nodes(out)[0]!.shape) }, () => rng.normal());
  const still = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0 };
  const trainer = await engine.open(out, initial, still);
  trainer.step({ images, labels: new Uint8Array(count), count }, 0);
  const moved = trainer.weights();
  trainer.dispose();
  const specs = weightSpecs(out);
  return new Map(
    [...initial].map(([path, start]) => {
      const { role, learned } = specs.get(path)!;
      const now = moved.get(path)!;
      const batch = (from: number, i: number) => from + (now[i]! - from) / statisticsMomentum;
      if (learned) return [path, start];
      return [path, start.map(role === "variance" ? (from, i) => Math.max(0, batch(from, i)) : batch)];
    }),
  );
}
