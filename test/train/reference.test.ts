import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { attention, input, type Node, nodes } from "../../src/graph/node.js";
import type { Shape } from "../../src/graph/op.js";
import { sizeOf, weightSpecs } from "../../src/graph/weights.js";
import { reference } from "../../src/train/engines/reference.js";
import { crossEntropy } from "../../src/train/loss.js";
import { erf } from "../../src/train/reference/erf.js";
import { run } from "../../src/train/reference/network.js";
import { curves } from "../../src/train/reference/operators/act.js";
import type { Tensor } from "../../src/train/reference/tensor.js";
import { allNetworks, batchFor } from "./networks.js";

type Weights = ReadonlyMap<string, Float64Array>;

const inputShape = (out: Node): Shape => nodes(out)[0]!.shape;

/** Random everywhere, so that no gradient is hidden by a zero or a one. */
function randomWeights(out: Node, seed: number): Map<string, Float64Array> {
  const rng = stream(seed, "weights");
  return new Map(
    [...weightSpecs(out)].map(([path, { role, shape }]) => [
      path,
      Float64Array.from({ length: sizeOf(shape) }, () =>
        role === "variance" ? 0.5 + rng.float() : (role === "gamma" ? 1 : 0) + 0.5 * rng.normal(),
      ),
    ]),
  );
}

const closeTo = (actual: ArrayLike<number>, expected: readonly number[], within = 1e-12): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((e, i) => {
    assert.ok(
      Math.abs(actual[i]! - e) <= within * Math.max(1, Math.abs(e)),
      `[${i}] is ${actual[i]}, not ${e}`,
    );
  });
};

const norm2 = (v: Float64Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

for (const [title, out] of allNetworks)
  test(`The reference's gradients are those of finite differences: ${title}`, () => {
    const batch = batchFor(inputShape(out), 3, 1);
    const images: Tensor = { count: 3, shape: inputShape(out), data: Float64Array.from(batch.images) };
    const weights = randomWeights(out, 2);
    const lossAt = (x: Tensor, w: Weights) => crossEntropy(run(out, x, w, true).value, batch.labels, 0.1);

    const ran = run(out, images, weights, true);
    const found = ran.back(crossEntropy(ran.value, batch.labels, 0.1).gradient);
    const learned = [...weightSpecs(out)].filter(([, spec]) => spec.learned).map(([path]) => path);
    assert.deepEqual([...found.weights.keys()].sort(), learned.sort());

    const rng = stream(3, "directions");
    const whole = Math.hypot(...[...found.weights.values()].map(norm2), norm2(found.images.data));
    const check = (name: string, gradient: Float64Array, lossBeside: (shift: Float64Array) => number) => {
      const direction = gradient.map(() => rng.normal() / Math.sqrt(gradient.length));
      const step = 1e-6;
      const slope =
        (lossBeside(direction.map((d) => d * step)) - lossBeside(direction.map((d) => -d * step))) /
        (2 * step);
      const error = Math.abs(slope - dot(gradient, direction));
      assert.ok(error <= 1e-6 * whole, `${name}: ${dot(gradient, direction)}, by differences ${slope}`);
    };
    for (const [path, gradient] of found.weights) {
      const lossBeside = (shift: Float64Array) =>
        lossAt(
          images,
          new Map(weights).set(
            path,
            weights.get(path)!.map((w, i) => w + shift[i]!),
          ),
        ).loss;
      for (let k = 0; k < 3; k++) check(path, gradient, lossBeside);
    }
    for (let k = 0; k < 3; k++)
      check(
        "images",
        found.images.data,
        (shift) => lossAt({ ...images, data: images.data.map((x, i) => x + shift[i]!) }, weights).loss,
      );
  });

/** What a network makes of one example's numbers, given channel by channel as [c, h, w]. */
function apply(out: Node, chw: readonly number[], weights: Record<string, readonly number[]> = {}): number[] {
  const [c, h, w] = inputShape(out);
  const data = new Float64Array(c * h * w);
  chw.forEach((v, i) => {
    data[(i % (h * w)) * c + Math.floor(i / (h * w))] = v;
  });
  const named = new Map(Object.entries(weights).map(([path, numbers]) => [path, Float64Array.from(numbers)]));
  const value = run(out, { count: 1, shape: [c, h, w], data }, named, false).value;
  const places = value.shape[1] * value.shape[2];
  return Array.from(
    value.data,
    (_, i) => value.data[(i % places) * value.shape[0] + Math.floor(i / places)]!,
  );
}

test("A 3 × 3 convolution slides its kernel over a map padded with zeros", () => {
  const kernel = { "output/conv0/kernel": [1, 2, 3, 4, 5, 6, 7, 8, 9] };
  const x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const at = (options: object) => apply(input([1, 3, 3]).conv(1, { kernel: 3, ...options }), x, kernel);
  closeTo(at({}), [94, 154, 106, 186, 285, 186, 106, 154, 94]);
  closeTo(at({ stride: 2 }), [94, 106, 106, 94]);
  closeTo(at({ dilation: 2 }), [
    1 * 5 + 3 * 6 + 7 * 8 + 9 * 9,
    2 * 5 + 8 * 8,
    1 * 4 + 3 * 5 + 7 * 7 + 9 * 8,
    4 * 5 + 6 * 6,
    5 * 5,
    4 * 4 + 6 * 5,
    1 * 2 + 3 * 3 + 7 * 5 + 9 * 6,
    2 * 2 + 8 * 5,
    1 * 1 + 3 * 2 + 7 * 4 + 9 * 5,
  ]);
});

test("A grouped convolution mixes only the channels of its group, then adds its bias", () => {
  const out = input([4, 1, 1]).conv(4, { groups: 2, bias: true });
  const kernel = [1, 2, 3, 4, 5, 6, 7, 8]; // [1, 1, 2 in, 4 out]
  const bias = [0.1, 0.2, 0.3, 0.4];
  const expected = [
    10 * 1 + 20 * 5 + 0.1,
    10 * 2 + 20 * 6 + 0.2,
    30 * 3 + 40 * 7 + 0.3,
    30 * 4 + 40 * 8 + 0.4,
  ];
  closeTo(
    apply(out, [10, 20, 30, 40], { "output/conv0/kernel": kernel, "output/conv0/bias": bias }),
    expected,
  );
});

test("erf has its tabulated values", () => {
  const known: readonly [number, number][] = [
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [6, 1],
  ];
  for (const [x, y] of known) closeTo([erf(x), erf(-x)], [y, -y], 2e-15);
});

test("Activations have the values of their definitions", () => {
  closeTo([-3, 1, 2].map(curves.gelu.value), [-0.004049694095, 0.841344746069, 1.954499736104], 1e-11);
  closeTo([-4, -1, 1, 4].map(curves["hard-swish"].value), [0, -1 / 3, 2 / 3, 4]);
  closeTo([-4, 0, 1, 4].map(curves["hard-sigmoid"].value), [0, 0.5, 2 / 3, 1]);
  closeTo([-1, 3, 7].map(curves.relu6.value), [0, 3, 6]);
  closeTo([-1, 3, 7].map(curves.relu.value), [0, 3, 7]);
  closeTo([1, -1000].map(curves.sigmoid.value), [0.731058578630005, 0]);
  closeTo([1, -1000].map(curves.silu.value), [0.731058578630005, 0]);
});

test("Where an activation has a corner its slope is that of the flat side", () => {
  assert.deepEqual([0, 6].map(curves.relu6.slope), [0, 0]);
  assert.equal(curves.relu.slope(0), 0);
  assert.deepEqual([-3, 3].map(curves["hard-sigmoid"].slope), [0, 0]);
});

test("Layer norm makes each position's channels standard, then scales and shifts them", () => {
  const out = input([2, 1, 2]).layerNorm();
  const sure = 1 / Math.sqrt(1 + 1e-5);
  closeTo(
    apply(out, [1, 10, 3, 8], { "output/layerNorm0/gamma": [2, 3], "output/layerNorm0/beta": [5, 7] }),
    [5 - 2 * sure, 5 + 2 * sure, 7 + 3 * sure, 7 - 3 * sure],
  );
});

test("Gates act on a channel, on a position or on one number", () => {
  const x = input([2, 1, 2]);
  closeTo(apply(x.times(x.globalPool()), [1, 3, 5, 7]), [2, 6, 30, 42]);
  closeTo(apply(x.times(x.conv(1)), [1, 3, 5, 7], { "output/conv0/kernel": [1, 1] }), [6, 30, 30, 70]);
  closeTo(apply(x.times(x), [1, 3, 5, 7]), [1, 9, 25, 49]);
});

test("Sums, means and concatenation take inputs in order", () => {
  const x = input([1, 1, 2]);
  const doubled = x.scale(2);
  const factor = { "output/scale0/factor": [2] };
  closeTo(apply(x.add(doubled), [1, 3], factor), [3, 9]);
  closeTo(apply(x.average(doubled), [1, 3], factor), [1.5, 4.5]);
  closeTo(apply(x.average(doubled, doubled), [3, 6], factor), [5, 10]);
  closeTo(apply(doubled.concat(x), [1, 3], factor), [2, 6, 1, 3]);
});

test("Pools take the mean of their window and drop what is left over", () => {
  const x = input([1, 3, 3]);
  closeTo(apply(x.globalPool(), [1, 2, 3, 4, 5, 6, 7, 8, 9]), [5]);
  closeTo(apply(x.avgPool(2, 2), [1, 2, 3, 4, 5, 6, 7, 8, 9]), [3]);
  closeTo(apply(x.avgPool(2, 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]), [3, 4, 6, 7]);
});

test("Channel shuffle transposes groups and channels", () => {
  closeTo(apply(input([6, 1, 1]).shuffle(2), [0, 1, 2, 3, 4, 5]), [0, 3, 1, 4, 2, 5]);
  closeTo(apply(input([6, 1, 1]).shuffle(3), [0, 1, 2, 3, 4, 5]), [0, 2, 4, 1, 3, 5]);
});

test("Max-relative features look `step` apart, wrap round, and never go below 0", () => {
  // Of one row, width 4, step 2: the other number of the same parity. Of one column, height 3: two rows up, wrapped.
  closeTo(apply(input([1, 1, 4]).maxRelative(2), [1, 5, 4, 2]), [0, 3, 3, 0]);
  closeTo(apply(input([1, 3, 1]).maxRelative(2), [5, 3, 9]), [2, 0, 4]);
  closeTo(apply(input([1, 3, 1]).maxRelative(1), [5, 3, 9]), [2, 0, 6]);
  closeTo(apply(input([1, 2, 2]).maxRelative(2), [5, 3, 9, 1]), [0, 0, 0, 0]);
});

test("Of equal max-relative differences the first has the gradient, and none when none is above 0", () => {
  const out = input([1, 1, 3]).maxRelative(1);
  const back = (numbers: readonly number[], gradient: readonly number[]) => {
    const x: Tensor = { count: 1, shape: [1, 1, 3], data: Float64Array.from(numbers) };
    return run(out, x, new Map(), true).back({ ...x, data: Float64Array.from(gradient) }).images.data;
  };
  closeTo(back([1, 1, 4], [0, 0, 1]), [0, -1, 1]); // shift 1 comes from the left neighbour
  closeTo(back([1, 1, 4], [1, 0, 0]), [0, 0, 0]);
});

/** Attention by its definition, for one example in [c, h, w] order, written apart from the engine. */
function attentionByHand(
  q: readonly number[],
  k: readonly number[],
  v: readonly number[],
  heads: number,
  places: number,
  bias: (head: number, query: number, key: number) => number,
): number[] {
  const depth = q.length / places / heads;
  const out: number[] = [];
  for (let head = 0; head < heads; head++)
    for (let i = head * depth; i < (head + 1) * depth; i++)
      for (let query = 0; query < places; query++) {
        let above = 0;
        let below = 0;
        for (let key = 0; key < places; key++) {
          let product = 0;
          for (let j = head * depth; j < (head + 1) * depth; j++)
            product += q[j * places + query]! * k[j * places + key]!;
          const weight = Math.exp(product / Math.sqrt(depth) + bias(head, query, key));
          above += weight * v[i * places + key]!;
          below += weight;
        }
        out.push(above / below);
      }
  return out;
}

const identity = (from: number, channels: number, total: number) =>
  Array.from({ length: total * channels }, (_, i) =>
    Math.floor(i / channels) === from + (i % channels) ? 1 : 0,
  );

/** q, k and v cut from one input by 1 × 1 convolutions that pick channels. */
function attentionOf(
  shape: Shape,
  heads: number,
  table: number,
  numbers: readonly number[],
  entries: readonly number[] = [],
) {
  const [c, h, w] = shape;
  const x = input([3 * c, h, w]);
  const q = x.conv(c).as("q");
  const k = x.conv(c).as("k");
  const v = x.conv(c).as("v");
  return apply(attention(q, k, v, { heads, table }), numbers, {
    "q/conv0/kernel": identity(0, c, 3 * c),
    "k/conv0/kernel": identity(c, c, 3 * c),
    "v/conv0/kernel": identity(2 * c, c, 3 * c),
    "output/attention0/table": entries,
  });
}

test("Attention without a table is softmax of scaled products, head by head", () => {
  const rng = stream(4, "attention");
  const numbers = Array.from({ length: 3 * 6 * 2 * 3 }, () => rng.normal());
  const [q, k, v] = [0, 1, 2].map((i) => numbers.slice(i * 36, (i + 1) * 36));
  closeTo(
    attentionOf([6, 2, 3], 2, 0, numbers),
    attentionByHand(q!, k!, v!, 2, 6, () => 0),
  );
});

test("Attention's table is read at key - query when it has the map's size", () => {
  const rng = stream(5, "attention");
  const numbers = Array.from({ length: 3 * 4 * 9 }, () => rng.normal());
  const entries = Array.from({ length: 2 * 25 }, () => rng.normal());
  const [q, k, v] = [0, 1, 2].map((i) => numbers.slice(i * 36, (i + 1) * 36));
  const bias = (head: number, query: number, key: number) => {
    const down = Math.floor(key / 3) - Math.floor(query / 3);
    const right = (key % 3) - (query % 3);
    return entries[head * 25 + (down + 2) * 5 + right + 2]!;
  };
  closeTo(attentionOf([4, 3, 3], 2, 3, numbers, entries), attentionByHand(q!, k!, v!, 2, 9, bias));
});

test("Attention's table of another size is resized with its corners kept", () => {
  // [3, 3] entries to [1, 5]: the first row, its values and those halfway between them.
  const numbers = [...[1, 1, 1], ...[1, 2, 3], ...[10, 20, 30]];
  const entries = [0.1, 0.5, -0.3, 9, 9, 9, 9, 9, 9];
  const row = [0.1, 0.3, 0.5, 0.1, -0.3];
  const expected = attentionByHand(
    [1, 1, 1],
    [1, 2, 3],
    [10, 20, 30],
    1,
    3,
    (_, query, key) => row[key - query + 2]!,
  );
  closeTo(attentionOf([1, 1, 3], 1, 2, numbers, entries), expected);
});

const plain = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0 };

/** One number in, two logits out by the weights [a, b]; every product can be done by hand. */
const scalar = input([1, 1, 1]).conv(2);
const scalarWeights = new Map([["output/conv0/kernel", Float32Array.of(1, -1)]]);
const scalarBatch = { images: Float32Array.of(1), labels: Uint8Array.of(0), count: 1 };

test("The loss is the smoothed cross-entropy, and right answers are counted", async () => {
  const logSum = Math.log(Math.exp(1) + Math.exp(-1));
  const hard = await reference.open(scalar, scalarWeights, plain);
  closeTo([hard.gradients(scalarBatch).loss], [logSum - 1]);
  const soft = await reference.open(scalar, scalarWeights, { ...plain, labelSmoothing: 0.2 });
  closeTo([soft.gradients(scalarBatch).loss], [0.9 * (logSum - 1) + 0.1 * (logSum + 1)]);
  assert.equal(soft.step(scalarBatch, 0).correct, 1);
  assert.equal(soft.step({ ...scalarBatch, labels: Uint8Array.of(1) }, 0).correct, 0);
});

const p = 1 / (1 + Math.exp(-2));

test("A plain step goes down the gradient", async () => {
  const trainer = await reference.open(scalar, scalarWeights, plain);
  trainer.step(scalarBatch, 0.5);
  closeTo(trainer.weights().get("output/conv0/kernel")!, [1 + 0.5 * (1 - p), -1 - 0.5 * (1 - p)], 1e-7);
});

test("Velocity carries over, and Nesterov's step looks ahead", async () => {
  const steps = async (nesterov: boolean) => {
    const trainer = await reference.open(scalar, scalarWeights, { ...plain, momentum: 0.9, nesterov });
    trainer.step(scalarBatch, 0.5);
    trainer.step(scalarBatch, 0.5);
    return trainer.weights().get("output/conv0/kernel")![0]!;
  };
  const g1 = 1 - p;
  const heavy = 1 + 0.5 * g1;
  const g2 = 1 - 1 / (1 + Math.exp(-2 * heavy));
  closeTo([await steps(false)], [heavy + 0.5 * (0.9 * g1 + g2)], 1e-7);
  const ahead = 1 + 0.5 * 1.9 * g1;
  const g2Ahead = 1 - 1 / (1 + Math.exp(-2 * ahead));
  closeTo([await steps(true)], [ahead + 0.5 * (g2Ahead + 0.9 * (0.9 * g1 + g2Ahead))], 1e-7);
});

test("Weight decay pulls convolution kernels and nothing else", async () => {
  const out = input([1, 2, 2]).norm().scale(0.5).conv(2, { bias: true }).globalPool();
  const weights = new Map(
    [...weightSpecs(out)].map(([path, { shape }]) => [path, new Float32Array(sizeOf(shape)).fill(0.7)]),
  );
  const batch = batchFor([1, 2, 2], 2, 6);
  batch.labels.fill(0);
  const after = async (weightDecay: number) => {
    const trainer = await reference.open(out, weights, { ...plain, weightDecay });
    trainer.step(batch, 0.1);
    return trainer.weights();
  };
  const [without, decayed] = [await after(0), await after(0.5)];
  for (const [path, numbers] of without)
    closeTo(
      decayed.get(path)!,
      [...numbers.map((n) => (path.endsWith("kernel") ? n - 0.1 * 0.5 * 0.7 : n))],
      1e-6,
    );
});

test("A step moves running statistics a tenth of the way to the batch's mean and unbiased variance", async () => {
  const out = input([1, 1, 2]).norm().globalPool();
  const weights = new Map([
    ["output/norm0/gamma", Float32Array.of(1)],
    ["output/norm0/beta", Float32Array.of(0)],
    ["output/norm0/mean", Float32Array.of(10)],
    ["output/norm0/variance", Float32Array.of(4)],
  ]);
  const trainer = await reference.open(out, weights, plain);
  trainer.step({ images: Float32Array.of(1, 2, 3, 6), labels: Uint8Array.of(0, 0), count: 2 }, 0.1);
  const after = trainer.weights();
  closeTo(after.get("output/norm0/mean")!, [0.9 * 10 + 0.1 * 3], 1e-6);
  closeTo(after.get("output/norm0/variance")!, [0.9 * 4 + (0.1 * (4 + 1 + 0 + 9)) / 3], 1e-6);
});

test("A norm uses the batch's biased variance in training and running statistics for logits", async () => {
  const out = input([1, 1, 1]).norm();
  const weights = new Map([
    ["output/norm0/gamma", Float64Array.of(2)],
    ["output/norm0/beta", Float64Array.of(1)],
    ["output/norm0/mean", Float64Array.of(10)],
    ["output/norm0/variance", Float64Array.of(4)],
  ]);
  const x: Tensor = { count: 2, shape: [1, 1, 1], data: Float64Array.of(3, 7) };
  const sure = 2 / Math.sqrt(4 + 1e-5);
  closeTo(run(out, x, weights, true).value.data, [1 - 2 * sure, 1 + 2 * sure]);
  closeTo(run(out, x, weights, false).value.data, [1 - 7 * sure, 1 - 3 * sure]);
});
