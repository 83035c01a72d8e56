import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { input, nodes } from "../../../src/graph/node.js";
import { reference } from "../../../src/train/engines/index.js";
import { initialWeights } from "../../../src/train/initial.js";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { trainerOn } from "../../../src/train/wasm/trainer.js";
import { batchFor, classes, composed } from "../networks.js";
import { relativeError } from "./helpers.js";

const options = { momentum: 0.9, nesterov: false, weightDecay: 0, labelSmoothing: 0 };

test("normalisation keeps its digits when the input lies 100 from 0", async () => {
  const out = input([3, 6, 6]).norm().act("silu").conv(classes, { kernel: 3 }).norm().globalPool();
  const weights = initialWeights(out, stream(1, "weights"));
  const near = batchFor([3, 6, 6], 6, 1);
  const batch = { ...near, images: near.images.map((x) => x + 100) };
  const found = trainerOn(await openHeap(), out, weights, options).gradients(batch);
  const expected = (await reference.open(out, weights, options)).gradients(batch);
  for (const [path, gradient] of expected.gradients) {
    const off = relativeError(found.gradients.get(path)!, gradient);
    // The images themselves have no more than 7 digits, 5 of them behind the point.
    assert.ok(off < 1e-4, `${path} is off by ${off}`);
  }
});

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
