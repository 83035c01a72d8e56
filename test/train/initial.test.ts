import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { input } from "../../src/graph/node.js";
import { sizeOf, weightSpecs } from "../../src/graph/weights.js";
import { initialWeights } from "../../src/train/initial.js";

const out = input([32, 6, 6]).conv(64, { kernel: 3, bias: true }).norm().scale(0.1).globalPool().conv(10);

test("Every weight and statistic has its numbers, the same for the same stream", () => {
  const weights = initialWeights(out, stream(1, "init", 0));
  const sizes = [...weights].map(([path, numbers]) => [path, numbers.length]);
  assert.deepEqual(
    sizes,
    [...weightSpecs(out)].map(([path, { shape }]) => [path, sizeOf(shape)]),
  );
  assert.deepEqual(initialWeights(out, stream(1, "init", 0)), weights);
  assert.notDeepEqual(initialWeights(out, stream(1, "init", 1)), weights);
});

test("Kernels start normal with the deviation of their fan in, all else at its value", () => {
  const weights = initialWeights(out, stream(2, "init"));
  const kernel = weights.get("output/conv0/kernel")!;
  const mean = kernel.reduce((a, b) => a + b, 0) / kernel.length;
  const deviation = Math.sqrt(kernel.reduce((sum, w) => sum + (w - mean) ** 2, 0) / kernel.length);
  const expected = Math.sqrt(2 / (9 * 32));
  assert.ok(Math.abs(mean) < (5 * expected) / Math.sqrt(kernel.length), `mean ${mean}`);
  assert.ok(Math.abs(deviation / expected - 1) < 5 / Math.sqrt(2 * kernel.length), `deviation ${deviation}`);
  assert.deepEqual(new Set(weights.get("output/conv0/bias")), new Set([0]));
  assert.deepEqual(new Set(weights.get("output/norm0/variance")), new Set([1]));
  assert.deepEqual(new Set(weights.get("output/scale0/factor")), new Set([Math.fround(0.1)]));
});
