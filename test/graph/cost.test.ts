import assert from "node:assert/strict";
import { test } from "node:test";
import { cost, macsOf, paramsOf } from "../../src/graph/cost.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import type { Kind } from "../../src/graph/op.js";

const x = input([6, 4, 5]);

/** One node of each kind with its parameters and multiply-accumulates, worked out by hand. */
const known: { readonly [K in Kind]: readonly [node: Node, params: number, macs: number][] } = {
  input: [[x, 0, 0]],
  conv: [
    [x.conv(8), 48, 48 * 20],
    [x.conv(8, { kernel: 3, bias: true }), 432 + 8, 432 * 20],
    [x.conv(8, { kernel: 3, stride: 2 }), 432, 432 * 6],
    [x.conv(8, { kernel: 3, dilation: 3 }), 432, 432 * 20],
    [x.conv(8, { kernel: 3, groups: 2 }), 216, 216 * 20],
    [x.depthwise({ kernel: 5 }), 150, 150 * 20],
    [x.conv(12, { kernel: 3, groups: 6 }), 108, 108 * 20],
  ],
  norm: [[x.norm(), 12, 0]],
  layerNorm: [[x.layerNorm(), 12, 0]],
  act: [[x.act("gelu"), 0, 0]],
  scale: [[x.scale(1e-5), 6, 0]],
  add: [[x.add(x, x), 0, 0]],
  average: [[x.average(x), 0, 0]],
  mul: [[x.times(x), 0, 0]],
  concat: [[x.concat(x), 0, 0]],
  globalPool: [[x.globalPool(), 0, 0]],
  avgPool: [[x.avgPool(2, 2), 0, 0]],
  shuffle: [[x.shuffle(2), 0, 0]],
  maxRelative: [[x.maxRelative(2), 0, 0]],
  attention: [
    [attention(x, x, x, { heads: 2, table: 0 }), 0, 2 * 6 * 20 * 20],
    [attention(x, x, x, { heads: 3, table: 4 }), 3 * 7 * 7, 2 * 6 * 20 * 20],
  ],
};

for (const [kind, nodes] of Object.entries(known))
  test(`${kind} has the parameters and multiply-accumulates of its definition`, () => {
    for (const [node, params, macs] of nodes)
      assert.deepEqual([paramsOf(node), macsOf(node)], [params, macs], JSON.stringify(node.op));
  });

/** MobileNetV2's first stages on 3 × 32 × 32. */
function inverted(from: Node, width: number, stride: number, expand: number): Node {
  const wide = from
    .conv(from.channels * expand)
    .norm()
    .act("relu6");
  const thin = wide.depthwise({ kernel: 3, stride }).norm().act("relu6").conv(width).norm();
  return stride === 1 && width === from.channels ? thin.add(from) : thin;
}
const stem = input([3, 32, 32]).conv(16, { kernel: 3, stride: 2 }).norm().act("relu6");
const small = inverted(inverted(stem, 24, 2, 6), 24, 1, 6);
const classifier = small.globalPool().conv(10, { bias: true });

test("A small MobileNetV2 costs what it does by hand", () => {
  const { params, macs, weightBytes } = cost(classifier);
  const stemParams = 27 * 16 + 32;
  const first = 16 * 96 + 192 + 9 * 96 + 192 + 96 * 24 + 48;
  const second = 24 * 144 + 288 + 9 * 144 + 288 + 144 * 24 + 48;
  assert.equal(params, stemParams + first + second + 24 * 10 + 10);
  assert.equal(weightBytes, 4 * params);
  const stemMacs = 27 * 16 * 256;
  const firstMacs = 16 * 96 * 256 + 9 * 96 * 64 + 96 * 24 * 64;
  const secondMacs = (24 * 144 + 9 * 144 + 144 * 24) * 64;
  assert.equal(macs, stemMacs + firstMacs + secondMacs + 240);
});

test("Bytes follow the precision", () => {
  const [full, half] = [cost(classifier, 4), cost(classifier, 2)];
  assert.equal(half.weightBytes * 2, full.weightBytes);
  assert.equal(half.trafficBytes * 2, full.trafficBytes);
  assert.equal(half.peakActivationBytes * 2, full.peakActivationBytes);
  assert.deepEqual(
    [half.params, half.macs, half.receptiveField],
    [full.params, full.macs, full.receptiveField],
  );
});

test("Traffic counts each kernel's inputs, output and weights, and nothing between fused nodes", () => {
  const y = input([2, 4, 4]).conv(4).norm().act("relu");
  assert.equal(cost(y, 1).trafficBytes, 32 + 64 + (8 + 8));
  const residual = input([4, 4, 4]).norm();
  const sum = residual.conv(4).norm().add(residual);
  // Two kernels: norm reads 64 and writes 64; conv+norm+add reads 64 twice over as one tensor and writes 64.
  assert.equal(cost(sum, 1).trafficBytes, 64 + 64 + (64 + 64) + (8 + 16 + 8));
});

test("Peak memory counts every map still needed while a kernel runs", () => {
  const image = input([1, 8, 8]); // 64
  const a = image.conv(2); // 128
  const b = a.conv(4, { stride: 2 }); // 64
  const c = b.conv(2); // 32
  assert.equal(cost(c, 1).peakActivationBytes, 64 + 128);
  // With a skip from `a` past b (64) and its widening back, `a` stays alive: a + b + d.
  const wide = b.conv(16); // 256
  const joined = wide.globalPool().conv(2).act("sigmoid"); // 2
  const gated = a.times(joined); // 128
  assert.equal(cost(gated, 1).peakActivationBytes, 128 + 64 + 256);
});

test("A convolution chain sees (k - 1) · dilation · jump more pixels a layer", () => {
  const field = (out: Node) => cost(out).receptiveField;
  const image = input([1, 64, 64]);
  assert.equal(field(image), 1);
  assert.equal(field(image.conv(1, { kernel: 3 })), 3);
  assert.equal(field(image.conv(1, { kernel: 3 }).conv(1, { kernel: 5 })), 7);
  assert.equal(field(image.conv(1, { kernel: 3, dilation: 3 })), 7);
  assert.equal(field(image.conv(1, { kernel: 3, stride: 2 }).conv(1, { kernel: 3 })), 7);
  assert.equal(field(image.conv(1, { stride: 2 }).conv(1, { stride: 2 }).conv(1, { kernel: 3 })), 9);
  assert.equal(field(image.avgPool(2, 2).conv(1, { kernel: 3 })), 6);
});

test("Branches see what the widest of them sees, and gates what they gate", () => {
  const field = (out: Node) => cost(out).receptiveField;
  const image = input([2, 16, 16]);
  const [near, far] = [image.conv(2, { kernel: 3 }), image.conv(2, { kernel: 7 })];
  assert.equal(field(near.add(far)), 7);
  assert.equal(field(near.concat(far)), 7);
  assert.equal(field(near.average(far)), 7);
  assert.equal(field(near.times(near.globalPool())), 3);
});

test("The receptive field is that of the last feature map, before pooling", () => {
  // Stem 3 at jump 2; two depthwise 3 × 3: + 2 · 2 = 7 to jump 4, + 2 · 4 = 15.
  assert.equal(cost(classifier).receptiveField, 15);
});

test("Attention and max-relative features see everything", () => {
  const image = input([2, 16, 16]);
  assert.equal(
    cost(attention(image, image, image, { heads: 1, table: 0 })).receptiveField,
    Number.POSITIVE_INFINITY,
  );
  assert.equal(cost(image.maxRelative(2).conv(2)).receptiveField, Number.POSITIVE_INFINITY);
});
