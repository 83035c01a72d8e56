import type { Rng } from "../base/rng.js";
import type { Node } from "../graph/node.js";
import { sizeOf, weightSpecs } from "../graph/weights.js";

/** Every weight and statistic of a network before training, by path: drawn from `rng` in execution order. */
export const initialWeights = (out: Node, rng: Rng): ReadonlyMap<string, Float32Array> =>
  new Map(
    [...weightSpecs(out)].map(([path, { shape, initial }]) => {
      const draw = "value" in initial ? () => initial.value : () => initial.deviation * rng.normal();
      return [path, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
