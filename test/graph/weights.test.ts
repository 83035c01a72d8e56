import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cost } from "../../src/graph/cost.js";
import { attention, input } from "../../src/graph/node.js";
import { sizeOf, weightSpecs } from "../../src/graph/weights.js";
import { anyNetwork } from "./networks.js";

test("Weights have the paths, shapes and roles that training and export rely on", () => {
  const stem = input([4, 6, 6]).conv(8, { kernel: 3, groups: 2, bias: true }).norm().as("stem");
  const out = attention(stem, stem, stem, { heads: 2, table: 3 }).layerNorm().scale(0.1);
  const shown = [...weightSpecs(out)].map(([path, spec]) => [path, spec.shape, spec.learned]);
  assert.deepEqual(shown, [
    ["stem/conv0/kernel", [3, 3, 2, 8], true],
    ["stem/conv0/bias", [8], true],
    ["stem/norm0/gamma", [8], true],
    ["stem/norm0/beta", [8], true],
    ["stem/norm0/mean", [8], false],
    ["stem/norm0/variance", [8], false],
    ["output/attention0/table", [2, 5, 5], true],
    ["output/layerNorm0/gamma", [8], true],
    ["output/layerNorm0/beta", [8], true],
    ["output/scale0/factor", [8], true],
  ]);
});

test("Weights start as their layer needs: kernels by fan in, factors at their own value", () => {
  const out = input([4, 6, 6]).conv(8, { kernel: 3, groups: 2, bias: true }).norm().scale(0.1);
  const start = new Map(
    [...weightSpecs(out)].map(([path, spec]) => [path.replace("output/", ""), spec.initial]),
  );
  assert.deepEqual(Object.fromEntries(start), {
    "conv0/kernel": { deviation: Math.sqrt(2 / 18) },
    "conv0/bias": { value: 0 },
    "norm0/gamma": { value: 1 },
    "norm0/beta": { value: 0 },
    "norm0/mean": { value: 0 },
    "norm0/variance": { value: 1 },
    "scale0/factor": { value: 0.1 },
  });
});

test("Every weight has a path of its own, and the learned ones are the parameters", () => {
  fc.assert(
    fc.property(anyNetwork, (out) => {
      const specs = [...weightSpecs(out).values()];
      const learned = specs.filter((spec) => spec.learned).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
      assert.equal(learned, cost(out).params);
    }),
  );
});
