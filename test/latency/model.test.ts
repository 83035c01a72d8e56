import assert from "node:assert/strict";
import { test } from "node:test";
import { kernels } from "../../src/graph/fuse.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import { type KernelModel, kernelMs } from "../../src/latency/model.js";
import { workOf } from "../../src/latency/work.js";

const model: KernelModel = {
  callMs: 0.5,
  kernelMs: 0.01,
  layoutMs: 0.1,
  peakMacsPerMs: 1e6,
  efficiency: { dense: 0.5, pointwise: 0.25, depthwise: 0.125, attention: 0.1 },
  weightBytesPerMs: 1000,
  featureBytesPerMs: 10_000,
  bytesPerValue: 2,
  granularity: 8,
};
const endless = { weightBytesPerMs: 1e30, featureBytesPerMs: 1e30 };

const lastWork = (out: Node) => workOf(kernels(out).at(-1)!, model.granularity);

test("a pointwise convolution held up by memory takes weights and features over their bandwidths", () => {
  const work = lastWork(input([8, 4, 4]).conv(16).norm().act("relu"));
  assert.deepEqual(work, {
    kind: "pointwise",
    macs: 8 * 16 * 16,
    weights: 8 * 16 + 16,
    features: 8 * 16 + 16 * 16,
    reorders: false,
    inPassing: false,
  });
  assert.equal(kernelMs(work, model), 0.01 + (144 * 2) / 1000 + (384 * 2) / 10_000);
});

test("a dense convolution held up by arithmetic takes its padded MACs over the rate of its kind", () => {
  const work = lastWork(input([3, 8, 8]).conv(10, { kernel: 3 }));
  assert.equal(work.kind, "dense");
  assert.equal(work.macs, 9 * 8 * 16 * 64);
  assert.equal(kernelMs(work, { ...model, ...endless }), 0.01 + (9 * 8 * 16 * 64) / (1e6 * 0.5));
});

test("a depthwise convolution is its own kind, with channels rounded up once", () => {
  const work = lastWork(input([12, 8, 8]).depthwise({ kernel: 3 }));
  assert.deepEqual([work.kind, work.macs], ["depthwise", 9 * 16 * 64]);
});

test("a grouped convolution is dense, with each group's channels rounded up", () => {
  const work = lastWork(input([32, 4, 4]).conv(32, { groups: 8 }));
  assert.deepEqual([work.kind, work.macs], ["dense", 8 * 8 * 16 * 8]);
});

test("filters of one channel each are depthwise where a channel has several, too", () => {
  const work = lastWork(input([12, 8, 8]).conv(24, { kernel: 7, groups: 12 }));
  assert.deepEqual([work.kind, work.macs], ["depthwise", 49 * 24 * 64]);
});

test("a residual add fused behind a convolution reads its other input and no second kernel", () => {
  const x = input([8, 4, 4]);
  const order = kernels(x.conv(8).norm().add(x));
  assert.equal(order.length, 1);
  assert.equal(workOf(order[0]!, 8).features, 2 * 8 * 16);
});

test("a product of two whole maps is made in passing, and a gate for each channel is not", () => {
  const x = input([8, 4, 4]);
  const product = lastWork(x.conv(8).times(x));
  assert.equal(product.inPassing, true);
  assert.equal(kernelMs(product, model), 0.01);
  const gate = lastWork(x.conv(8).times(x.globalPool()));
  assert.equal(gate.inPassing, false);
  assert.ok(kernelMs(gate, model) > 0.01);
});

test("max-relative features pay for a change of layout, as they move positions", () => {
  assert.equal(lastWork(input([8, 4, 4]).maxRelative(2)).reorders, true);
});

test("a layer norm pays for its change of layout and passes over its features again", () => {
  const work = lastWork(input([8, 4, 4]).layerNorm());
  assert.deepEqual(work, {
    kind: "move",
    macs: 0,
    weights: 16,
    features: 6 * 128,
    reorders: true,
    inPassing: false,
  });
  assert.equal(kernelMs(work, model), 0.01 + 0.1 + (16 * 2) / 1000 + (768 * 2) / 10_000);
});

test("attention reads and writes its scores, heads times positions squared", () => {
  const x = input([8, 4, 4]);
  const work = lastWork(attention(x.conv(8), x.conv(8), x.conv(8), { heads: 2, table: 4 }));
  assert.deepEqual(work, {
    kind: "attention",
    macs: 2 * 8 * 256,
    weights: 2 * 49,
    features: 4 * 128 + 4 * 2 * 256,
    reorders: true,
    inPassing: false,
  });
});

test("max-relative features read one rolled copy a shift", () => {
  const work = lastWork(input([2, 6, 5]).maxRelative(2));
  assert.equal(work.features, 2 * 60 + 2 * 60 * (2 + 2));
});
