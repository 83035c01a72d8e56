import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { untrainedWeights } from "../../src/export/untrained.js";
import { input } from "../../src/graph/node.js";
import { weightSpecs } from "../../src/graph/weights.js";
import { reference } from "../../src/train/engines/reference.js";
import { initialWeights } from "../../src/train/initial.js";

const network = input([3, 8, 8])
  .conv(6, { kernel: 3, bias: true })
  .norm()
  .act("relu")
  .globalPool()
  .conv(4, { bias: true })
  .norm();

test("untrained weights are initial weights but for the statistics", async () => {
  const found = await untrainedWeights(network, 5, reference);
  const initial = initialWeights(network, stream(5, "export", "weights"));
  assert.deepEqual([...found.keys()], [...initial.keys()]);
  for (const [path, { learned }] of weightSpecs(network))
    if (learned) assert.deepEqual(found.get(path), initial.get(path), path);
    else assert.notDeepEqual(found.get(path), initial.get(path), path);
});

test("with the statistics of untrained weights a norm of many positions gives about mean 0 and variance 1", async () => {
  const map = input([3, 16, 16]).conv(6, { kernel: 3 }).norm();
  const weights = await untrainedWeights(map.globalPool().conv(2), 5, reference);
  const rng = stream(9, "images");
  const count = 8;
  const images = Float32Array.from({ length: count * 3 * 16 * 16 }, () => rng.normal());
  for (const channel of [0, 5]) {
    const trainer = await reference.open(map, weights, still);
    const out = trainer.logits({ images, count });
    const values = out.filter((_, i) => i % 6 === channel);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.1, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.15, `variance ${variance}`);
  }
});

const still = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0 };
