import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { nodes } from "../../../src/graph/node.js";
import { initialWeights } from "../../../src/train/initial.js";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { trainerOn } from "../../../src/train/wasm/trainer.js";
import { batchFor, composed } from "../networks.js";

const options = { momentum: 0.9, nesterov: false, weightDecay: 0, labelSmoothing: 0 };

test("without relaxed SIMD the same is computed within rounding", async () => {
  const out = composed.everything!;
  const weights = initialWeights(out, stream(1, "weights"));
  const batch = batchFor(nodes(out)[0]!.shape, 4, 1);
  const [relaxed, plain] = await Promise.all(
    ([undefined, "simd128"] as const).map(async (level) => {
      const trainer = trainerOn(await openHeap(level), out, weights, options);
      return trainer.gradients(batch).gradients;
    }),
  );
  const whole = Math.hypot(...[...plain!.values()].flatMap((gradient) => [...gradient]));
  for (const [path, gradient] of plain!) {
    const apart = Math.hypot(...gradient.map((g, i) => g - relaxed!.get(path)![i]!));
    assert.ok(apart < 1e-5 * whole, `${path} differs by ${apart / whole} of all gradients`);
  }
});
