import { stream } from "../../src/base/rng.js";
import type { Exported } from "../../src/export/format.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import { activations, type Kind } from "../../src/graph/op.js";
import { sizeOf, weightSpecs } from "../../src/graph/weights.js";

/** Weights, and running statistics as of a trained network, by path. */
export function randomWeights(out: Node, seed: number): ReadonlyMap<string, Float32Array> {
  const rng = stream(seed, "export", "weights");
  const draws = {
    variance: () => 0.25 + 2 * rng.float(),
    mean: () => rng.normal(),
    gamma: () => 0.5 + rng.float(),
    beta: () => 0.5 * rng.normal(),
    bias: () => 0.5 * rng.normal(),
    factor: () => rng.normal(),
    table: () => 2 * rng.normal(),
  };
  return new Map(
    [...weightSpecs(out)].map(([path, { role, shape, initial }]) => {
      const deviation = "deviation" in initial ? initial.deviation : 1;
      const draw = role === "kernel" ? () => deviation * rng.normal() : draws[role];
      return [path, Float32Array.from({ length: sizeOf(shape) }, draw)];
    }),
  );
}

/** A network as something to export, with random weights. */
export const exported = (network: Node, more: Partial<Exported> = {}): Exported => ({
  name: "example",
  network,
  weights: randomWeights(network, 1),
  weightsFrom: "untrained, random values, seed 1",
  reproduce: { command: null, version: "0.1.0", seed: 1, data: null },
  ...more,
});

const image = input([3, 6, 5]);
const features = image.conv(8, { kernel: 3 });

/** Networks that lean on one kind of operator each: every attribute that matters, and a map that is not square. */
export const examples: { readonly [K in Kind]: { readonly [title: string]: Node } } = {
  input: { "the image itself": image },
  conv: {
    "with stride 2 and bias": image.conv(4, { kernel: 3, stride: 2, bias: true }),
    dilated: image.conv(4, { kernel: 5, dilation: 2 }),
    grouped: features.conv(12, { kernel: 3, groups: 4 }),
    depthwise: features.depthwise({ kernel: 5, stride: 2 }),
    "as a linear layer": features.globalPool().conv(10, { bias: true }),
  },
  norm: {
    "after a convolution": features.norm(),
    "after a convolution with bias": image.conv(4, { bias: true }).norm().as("stem"),
    "after a named convolution": image.conv(4).as("stem").norm().act("relu").norm(),
    "after a convolution that others use": features.norm().add(features),
    "of the image": image.norm().conv(4),
  },
  layerNorm: { "over channels": features.layerNorm() },
  act: Object.fromEntries(activations.map((fn) => [fn, image.conv(8, { bias: true }).norm().act(fn)])),
  scale: { "by channel": features.scale(0.1) },
  add: { "of three": features.add(features.act("relu"), features.act("sigmoid")) },
  average: { "of three": features.average(features.act("relu"), features.act("sigmoid")) },
  mul: {
    "by channel": features.times(features.globalPool().conv(8, { bias: true }).act("hard-sigmoid")),
    "by position": features.times(features.conv(1).act("sigmoid")),
    "by both": features.times(features.conv(8).act("sigmoid")),
  },
  concat: { "of unlike widths": features.concat(image, features.act("relu")) },
  globalPool: { "of all positions": features.globalPool() },
  avgPool: { "with a remainder": features.avgPool(2, 2), overlapping: features.avgPool(3, 1) },
  shuffle: { "in 2 groups": features.shuffle(2), "in 4 groups": features.shuffle(4) },
  maxRelative: {
    "in steps of 1": features.maxRelative(1),
    "in steps of 2": features.maxRelative(2),
    "in steps past the width": features.maxRelative(5),
    "in steps past the map": features.maxRelative(9),
  },
  attention: {
    "without a bias": attention(features, features.conv(8), features.conv(8), { heads: 2, table: 0 }),
    "with a bias to enlarge": attention(features, features.conv(8), features.conv(8), { heads: 4, table: 3 }),
    "with a bias to shrink": attention(features, features.conv(8), features.conv(8), { heads: 1, table: 14 }),
    "of one row": attention(...rows(), { heads: 2, table: 4 }),
  },
};

function rows(): [q: Node, k: Node, v: Node] {
  const row = input([3, 1, 7]).conv(8);
  return [row, row.conv(8), row.conv(8)];
}

export const latency: NonNullable<Exported["latency"]> = {
  ms: 1.25,
  lowMs: 1,
  highMs: 1.5,
  level: 0.9,
  kind: "predicted",
  target: "iphone13-npu",
  protocol: "Core ML, batch 1",
  source: "a table",
  error: 0.1,
};
