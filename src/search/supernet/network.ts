import type { Node } from "../../graph/node.js";
import { sizeOf, weightSpecs } from "../../graph/weights.js";
import { validationBatch } from "../../train/augment.js";
import type { Dataset } from "../../train/dataset.js";
import type { Batch, Engine, Trainer } from "../../train/engine.js";
import { recipe } from "../../train/fit.js";
import { crossEntropy } from "../../train/loss.js";
import { type Sharing, type Slot, slotsOf } from "./sharing.js";
import { inherited, type SharedWeights } from "./weights.js";

/** A network whose weights are a supernet's, but for coefficients, which are given. */
export interface Borrowed {
  readonly out: Node;
  readonly slots: readonly Slot[];
  readonly weights: Map<string, Float32Array>;
}

/** @param given  weights that are not the supernet's, by path: the coefficients of a mixture */
export function borrow(
  out: Node,
  shared: SharedWeights,
  sharing: Sharing,
  given: ReadonlyMap<string, Float32Array> = new Map(),
): Borrowed {
  const slots = slotsOf(out, sharing).filter(({ path }) => !given.has(path));
  const weights = new Map([...inherited(shared, slots), ...given]);
  for (const [path, { shape, initial }] of weightSpecs(out))
    if (!weights.has(path))
      weights.set(path, new Float32Array(sizeOf(shape)).fill("value" in initial ? initial.value : 0));
  return { out, slots, weights };
}

/** Use a trainer of a network, and give its memory back. */
export async function withTrainer<T>(
  engine: Engine,
  { out, weights }: Pick<Borrowed, "out" | "weights">,
  use: (trainer: Trainer) => T,
): Promise<T> {
  const trainer = await engine.open(out, weights, recipe.optimiser);
  try {
    return use(trainer);
  } finally {
    trainer.dispose();
  }
}

/** The running statistic after some steps from where it started, and the weight of where it started. */
const left = 0.9;

/**
 * A network's running statistics, counted anew on training images: the weighted mean of the
 * batches' own, later ones weighing more, with nothing left of what they were before. Shared
 * weights need this, as every network they serve has statistics of its own.
 *
 * Source: Guo et al. 2019, SPOS, arXiv:1904.00420, §3.4.
 */
export async function recalibrated(
  engine: Engine,
  network: Borrowed,
  batches: readonly Batch[],
): Promise<Borrowed> {
  const specs = weightSpecs(network.out);
  const after = await withTrainer(engine, network, (trainer) => {
    for (const batch of batches) trainer.step(batch, 0);
    return trainer.weights();
  });
  const rest = left ** batches.length;
  const weights = new Map(network.weights);
  for (const [path, { learned }] of specs) {
    if (learned) continue;
    const before = network.weights.get(path)!;
    weights.set(
      path,
      after.get(path)!.map((v, i) => (v - rest * before[i]!) / (1 - rest)),
    );
  }
  return { ...network, weights };
}

/** How a network does on images that nothing was learned from. */
export interface Asked {
  /** Share it gets right, 0..1. */
  readonly accuracy: number;
  /** Mean of -ln p of the right class: all images have a say in it, where accuracy hears only those near a boundary. */
  readonly loss: number;
}

/** The loss of images whose logits overflow. */
const overflown = 1e6;

/** How logits meet a batch's labels: the mean of -ln p of the right classes, finite, and how many images are right. */
export function judged(
  logits: Float32Array,
  { count, labels }: Pick<Batch, "count" | "labels">,
  classes: number,
): { readonly loss: number; readonly correct: number } {
  const data = Float64Array.from(logits);
  const { loss, correct } = crossEntropy({ count, shape: [classes, 1, 1], data }, labels, 0);
  return { loss: Number.isFinite(loss) ? loss : overflown, correct };
}

/** Ask a network of the first `count` validation images. */
export const asked = (
  engine: Engine,
  network: Pick<Borrowed, "out" | "weights">,
  dataset: Dataset,
  count: number,
  batch: number,
): Promise<Asked> =>
  withTrainer(engine, network, (trainer) => {
    let [right, loss] = [0, 0];
    for (let first = 0; first < count; first += batch) {
      const part = validationBatch(dataset, first, Math.min(batch, count - first));
      const found = judged(trainer.logits(part), part, dataset.classes);
      right += found.correct;
      loss += part.count * found.loss;
    }
    return { accuracy: right / count, loss: loss / count };
  });
