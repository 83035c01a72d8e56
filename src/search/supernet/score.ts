import { stream } from "../../base/rng.js";
import type { Node } from "../../graph/node.js";
import { trainingBatch } from "../../train/augment.js";
import type { Engine } from "../../train/engine.js";
import { type Asked, asked, borrow, recalibrated } from "./network.js";
import type { SupernetPlan } from "./question.js";
import type { Splits } from "./splits.js";
import type { SharedWeights } from "./weights.js";

/** Batches that running statistics are counted on. */
const statisticsBatches = 12;
/** Held-out images a network is scored on at most. */
export const scoredImages = 2000;

/**
 * How well a network does with a supernet's weights: its running statistics are counted anew on the
 * images that weights learn from, and it is asked of images they did not. The same batches for
 * every network, so that networks compare.
 *
 * @param given   coefficients of a mixture, by path
 * @param images  held-out images asked, all when there are fewer
 * @returns       its accuracy is `shared`
 */
export async function scoreOf(
  {
    plan,
    engine,
    shared,
    splits,
  }: {
    readonly plan: SupernetPlan;
    readonly engine: Engine;
    readonly shared: SharedWeights;
    readonly splits: Splits;
  },
  out: Node,
  given?: ReadonlyMap<string, Float32Array>,
  images = scoredImages,
): Promise<Asked> {
  const rng = stream(plan.seed, "recalibrate");
  const { batch } = plan.fidelity;
  const batches = Array.from({ length: statisticsBatches }, () =>
    trainingBatch(
      splits.heldOut,
      Array.from({ length: batch }, () => rng.pick(splits.weights)),
      rng,
    ),
  );
  const network = await recalibrated(engine, borrow(out, shared, plan.rule.sharing, given), batches);
  const count = Math.min(images, splits.heldOut.validation.labels.length);
  return asked(engine, network, splits.heldOut, count, batch);
}
