import assert from "node:assert/strict";
import { test } from "node:test";
import { input, type Node } from "../../src/graph/node.js";
import { conformal } from "../../src/latency/error.js";
import { fitKernelModel, type Prior, type Sample } from "../../src/latency/fit.js";
import type { KernelModel } from "../../src/latency/model.js";
import { predict } from "../../src/latency/predict.js";
import type { KernelTarget } from "../../src/latency/target.js";
import { iphone13Npu } from "../../src/latency/targets/index.js";
import { prior } from "../../src/latency/targets/iphone13Npu.prior.js";

const truth: KernelModel = {
  ...prior.model,
  callMs: 0.6,
  kernelMs: 0.004,
  featureBytesPerMs: 50e6,
  weightBytesPerMs: 20e6,
};
const loose: Prior = { ...prior, noise: 0.01 };
const target: KernelTarget = { ...iphone13Npu, model: truth };

function network(width: number, depth: number, kernel: number): Node {
  let x = input([3, 224, 224]).conv(width, { kernel: 3, stride: 2 }).norm().act("relu");
  for (let i = 0; i < depth; i++) {
    const stride = i % 3 === 2 ? 2 : 1;
    x = x
      .depthwise({ kernel, stride })
      .norm()
      .conv(x.channels * stride)
      .norm()
      .act("relu");
  }
  return x.globalPool().conv(1000);
}

const samples: Sample[] = [
  [16, 3, 3],
  [64, 3, 5],
  [32, 9, 3],
  [24, 12, 7],
  [96, 6, 3],
  [128, 3, 3],
  [48, 15, 3],
  [16, 24, 5],
].map(([width, depth, kernel], i) => {
  const out = network(width!, depth!, kernel!);
  return { network: `n${i}`, family: `f${i % 4}`, source: "ours", ms: predict(out, target).ms, out };
});

test("a fit to a model's own latencies predicts networks it has not seen", () => {
  const { error } = fitKernelModel(samples, "ours", loose);
  assert.ok(error.inSample.rmsLog < 0.01, `${error.inSample.rmsLog}`);
  assert.ok(error.networkOut.rmsLog < 0.03, `${error.networkOut.rmsLog}`);
  assert.ok(error.networkOut.rmsLog < error.baseline.rmsLog);
});

test("a source that is 1.2 times slower is found to be, and leaves the model alone", () => {
  const slower = samples.slice(0, 4).map((s) => ({ ...s, source: "theirs", ms: s.ms * 1.2 }));
  const { offsets, error } = fitKernelModel([...samples, ...slower], "ours", loose);
  assert.ok(Math.abs(offsets.theirs! - Math.log(1.2)) < 0.01, `${offsets.theirs}`);
  assert.ok(error.inSample.rmsLog < 0.01);
});

test("one latency that is three times too long does not carry the others away", () => {
  const twice = [...samples, ...samples.map((s) => ({ ...s, ms: s.ms * 1.01 }))];
  const wrong = twice.map((s, i) => (i === 4 ? { ...s, ms: s.ms * 3 } : s));
  const { rows } = fitKernelModel(wrong, "ours", loose);
  for (const { network, fittedMs } of rows) {
    const { ms } = samples.find((s) => s.network === network)!;
    assert.ok(Math.abs(Math.log(fittedMs / ms)) < 0.05, `${network}: ${fittedMs}, not ${ms}`);
  }
});

test("a held-out latency does not depend on what was measured for that network", () => {
  const changed = samples.map((s, i) => (i === 2 ? { ...s, ms: s.ms * 5 } : s));
  const before = fitKernelModel(samples, "ours", loose).rows[2]!.heldOutMs;
  assert.equal(fitKernelModel(changed, "ours", loose).rows[2]!.heldOutMs, before);
});

test("a fit without measurements of a kind of work leaves it at the prior", () => {
  const { model } = fitKernelModel(samples, "ours", loose);
  assert.ok(Math.abs(model.efficiency.attention / prior.model.efficiency.attention - 1) < 1e-6);
  assert.ok(Math.abs(model.layoutMs / prior.model.layoutMs - 1) < 1e-6);
});

test("the conformal half width leaves room for the network to come", () => {
  const errors = Array.from({ length: 19 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (i + 1));
  assert.equal(conformal(errors, 0.9), 18);
  assert.equal(conformal(errors.slice(0, 5), 0.9), 5);
});
