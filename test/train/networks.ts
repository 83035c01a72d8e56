import { stream } from "../../src/base/rng.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import { activations, type Kind, type Shape } from "../../src/graph/op.js";
import { sizeOf } from "../../src/graph/weights.js";
import type { Batch } from "../../src/train/engine.js";

export const classes = 5;

type Networks = Readonly<Record<string, Node>>;

/** The operators under test behind a convolution, so that what they send back is seen, and before a tail whose gradient differs everywhere. */
const around = ([c, h, w]: Shape, body: (x: Node) => Node): Node =>
  body(input([3, h, w]).conv(c))
    .as("subject")
    .conv(6, { kernel: 3 })
    .act("silu")
    .globalPool()
    .conv(classes, { bias: true });

const each = <T>(items: readonly T[], title: (item: T) => string, build: (item: T) => Node): Networks =>
  Object.fromEntries(items.map((item) => [title(item), build(item)]));

type Conv = readonly [from: Shape, out: number, options: Parameters<Node["conv"]>[1]];
const convs: readonly Conv[] = [
  [[3, 5, 7], 6, {}],
  [[8, 4, 4], 16, {}],
  [[16, 6, 6], 40, {}],
  [[7, 5, 3], 9, { bias: true }],
  [[4, 5, 5], 8, { stride: 2 }],
  [[5, 1, 1], 7, { bias: true }],
  [[3, 8, 8], 8, { kernel: 3, stride: 2 }],
  [[3, 7, 5], 5, { kernel: 3, stride: 2, bias: true }],
  [[4, 6, 6], 8, { kernel: 3 }],
  [[5, 2, 3], 6, { kernel: 7 }],
  [[3, 7, 7], 4, { kernel: 3, dilation: 2 }],
  [[3, 7, 6], 4, { kernel: 5, dilation: 3, stride: 2 }],
  [[6, 5, 5], 9, { kernel: 3, groups: 3 }],
  [[8, 4, 6], 8, { groups: 2 }],
  [[8, 6, 6], 8, { kernel: 3, groups: 8 }],
  [[7, 5, 9], 7, { kernel: 3, groups: 7, bias: true }],
  [[16, 8, 8], 16, { kernel: 5, groups: 16 }],
  [[6, 7, 7], 6, { kernel: 7, groups: 6 }],
  [[8, 8, 8], 8, { kernel: 3, groups: 8, stride: 2 }],
  [[5, 7, 9], 5, { kernel: 5, groups: 5, stride: 2 }],
  [[8, 9, 7], 8, { kernel: 7, groups: 8, stride: 2 }],
  [[8, 9, 9], 8, { kernel: 3, groups: 8, dilation: 2 }],
  [[6, 7, 8], 6, { kernel: 3, groups: 6, dilation: 3 }],
  [[4, 9, 9], 4, { kernel: 5, groups: 4, dilation: 2, stride: 2 }],
  [[12, 2, 2], 12, { kernel: 7, groups: 12, dilation: 3 }],
  [[4, 5, 5], 8, { kernel: 3, groups: 4 }],
];

const shapes: readonly Shape[] = [
  [5, 7, 3],
  [8, 4, 4],
  [12, 1, 1],
];
const onShapes = (body: (x: Node) => Node): Networks =>
  each(
    shapes,
    ([c, h, w]) => `${c}x${h}x${w}`,
    (shape) => around(shape, body),
  );

const attentions = [
  { shape: [8, 4, 4], heads: 2, table: 0 },
  { shape: [6, 3, 5], heads: 3, table: 0 },
  { shape: [8, 4, 4], heads: 2, table: 4 },
  { shape: [5, 3, 3], heads: 1, table: 5 },
  { shape: [6, 5, 4], heads: 2, table: 3 },
  { shape: [4, 1, 6], heads: 2, table: 4 },
  { shape: [8, 3, 2], heads: 4, table: 1 },
  { shape: [64, 4, 4], heads: 2, table: 4 },
  { shape: [4, 1, 1], heads: 1, table: 2 },
] as const;

/** Small networks for every operator kind; a new kind without any does not compile. */
export const networks: { readonly [K in Kind]: Networks } = {
  input: each<Shape>(
    [
      [1, 1, 1],
      [1, 6, 5],
      [3, 7, 4],
      [4, 3, 3],
    ],
    ([c, h, w]) => `${c}x${h}x${w}`,
    (shape) => input(shape).conv(4, { kernel: 3 }).act("gelu").globalPool().conv(classes),
  ),
  conv: each(
    convs,
    ([from, out, options]) => `${from.join("x")} to ${out} ${JSON.stringify(options)}`,
    ([from, out, options]) => around(from, (x) => x.conv(out, options)),
  ),
  norm: { ...onShapes((x) => x.norm()), twice: around([6, 5, 5], (x) => x.norm().conv(7).norm()) },
  layerNorm: onShapes((x) => x.layerNorm()),
  act: each(activations, String, (fn) => around([5, 5, 3], (x) => x.act(fn))),
  scale: onShapes((x) => x.scale(0.5)),
  add: {
    two: around([5, 4, 3], (x) => x.act("sigmoid").add(x)),
    three: around([4, 3, 5], (x) => x.add(x.act("gelu"), x.conv(4))),
    itself: around([3, 3, 3], (x) => x.add(x)),
  },
  average: {
    two: around([5, 4, 3], (x) => x.act("sigmoid").average(x)),
    three: around([4, 3, 5], (x) => x.average(x.act("gelu"), x.conv(4))),
    itself: around([3, 3, 3], (x) => x.average(x)),
  },
  mul: {
    "by channel": around([6, 5, 3], (x) => x.times(x.globalPool().conv(6).act("sigmoid"))),
    "by position": around([5, 3, 4], (x) => x.times(x.conv(1).act("sigmoid"))),
    "by number": around([8, 4, 4], (x) => x.times(x.conv(8).act("hard-sigmoid"))),
    itself: around([3, 3, 5], (x) => x.times(x)),
    "one by one": around([4, 1, 1], (x) => x.times(x.conv(4))),
  },
  concat: {
    two: around([4, 4, 4], (x) => x.concat(x.conv(8))),
    "odd channels": around([3, 5, 3], (x) => x.conv(5).concat(x, x.conv(2))),
    itself: around([3, 3, 3], (x) => x.concat(x)),
  },
  globalPool: onShapes((x) => x.act("silu").globalPool()),
  avgPool: {
    "halves, rest dropped": around([5, 5, 7], (x) => x.avgPool(2, 2)),
    halves: around([8, 4, 4], (x) => x.avgPool(2, 2)),
    "overlapping windows": around([3, 6, 5], (x) => x.avgPool(3, 1)),
    "windows apart": around([4, 7, 7], (x) => x.avgPool(3, 2)),
    "gaps between windows": around([4, 7, 7], (x) => x.avgPool(2, 3)),
  },
  shuffle: {
    "two groups": around([8, 4, 3], (x) => x.shuffle(2)),
    "three groups": around([6, 3, 3], (x) => x.shuffle(3)),
    "all groups": around([5, 2, 3], (x) => x.shuffle(5)),
  },
  maxRelative: {
    "step 2": around([5, 6, 7], (x) => x.maxRelative(2)),
    "step 1": around([8, 4, 3], (x) => x.maxRelative(1)),
    "step 3, width within it": around([4, 8, 3], (x) => x.maxRelative(3)),
    "nothing to compare with": around([4, 3, 3], (x) => x.maxRelative(4)),
  },
  attention: {
    ...each(
      attentions,
      ({ shape, heads, table }) => `${shape.join("x")}, heads ${heads}, table ${table}`,
      ({ shape, heads, table }) =>
        around(shape, (x) =>
          attention(x.conv(shape[0]), x.conv(shape[0]), x.conv(shape[0]), { heads, table }),
        ),
    ),
    "of itself": around([4, 3, 3], (x) => attention(x, x, x, { heads: 2, table: 3 })),
  },
};

const squeezeExcite = (x: Node, middle: number): Node =>
  x.times(
    x
      .globalPool()
      .conv(middle, { bias: true })
      .act("relu")
      .conv(x.channels, { bias: true })
      .act("hard-sigmoid"),
  );

const invertedResidual = (x: Node): Node =>
  squeezeExcite(x.conv(24).norm().act("hard-swish").depthwise({ kernel: 5 }).norm().act("hard-swish"), 6)
    .conv(x.channels)
    .norm()
    .add(x);

const multiLevelDilated = (x: Node): Node => {
  const wide = x.conv(12).norm().act("gelu");
  const levels = [1, 2, 3].map((dilation) => wide.depthwise({ kernel: 3, dilation }).norm());
  const mixed = levels[0]!.average(levels[1]!, levels[2]!).act("gelu").conv(x.channels).norm().add(x);
  const tall = mixed
    .depthwise({ kernel: 7 })
    .norm()
    .conv(16, { bias: true })
    .act("gelu")
    .conv(x.channels, { bias: true });
  return tall.scale(0.1).add(mixed);
};

const moat = (x: Node): Node => {
  const deep = x
    .norm()
    .conv(16)
    .norm()
    .act("gelu")
    .depthwise({ kernel: 3 })
    .norm()
    .act("gelu")
    .conv(x.channels)
    .add(x);
  const y = deep.layerNorm();
  const project = () => y.conv(x.channels, { bias: true });
  return attention(project(), project(), project(), { heads: 2, table: 4 })
    .conv(x.channels, { bias: true })
    .add(deep);
};

const additive = (x: Node): Node => {
  const gate = (y: Node) => {
    const near = y.times(y.depthwise({ kernel: 3 }).norm().act("relu").conv(1).act("sigmoid"));
    return near.times(near.globalPool().conv(x.channels).act("sigmoid"));
  };
  const y = x.norm();
  const mixed = gate(y.conv(x.channels))
    .add(gate(y.conv(x.channels)))
    .depthwise({ kernel: 3, bias: true });
  return mixed.times(y.conv(x.channels)).conv(x.channels).scale(0.5).add(x);
};

const sparseGraph = (x: Node): Node => {
  const y = x.conv(x.channels).norm();
  return y.concat(y.maxRelative(2)).conv(20, { groups: 4 }).norm().act("gelu").conv(x.channels).norm().add(x);
};

const shuffled = (x: Node): Node =>
  x
    .conv(12, { groups: 2 })
    .norm()
    .act("relu6")
    .shuffle(2)
    .depthwise({ kernel: 3 })
    .norm()
    .conv(x.channels)
    .norm()
    .add(x);

const blocks = { invertedResidual, multiLevelDilated, moat, additive, sparseGraph, shuffled };

const stem = (): Node => input([3, 9, 9]).conv(10, { kernel: 3, stride: 2 }).norm().act("relu6").as("stem");
const head = (x: Node): Node => x.conv(12).norm().act("silu").globalPool().conv(classes, { bias: true });

/** Each of the blocks a space has in its own way, and all of them one after the other. */
export const composed: Networks = {
  ...each(
    Object.entries(blocks),
    ([name]) => name,
    ([name, block]) => head(block(stem()).as(name)),
  ),
  everything: head(Object.entries(blocks).reduce((x, [name, block]) => block(x).as(name), stem())),
};

/** All of them, by kind and title. */
export const allNetworks: readonly (readonly [title: string, out: Node])[] = Object.entries({
  ...networks,
  composed,
}).flatMap(([kind, of]) => Object.entries(of).map(([title, out]) => [`${kind}: ${title}`, out] as const));

/** Random images of the input's shape, and labels. */
export function batchFor(shape: Shape, count: number, seed: number): Batch {
  const rng = stream(seed, "batch");
  return {
    count,
    images: Float32Array.from({ length: count * sizeOf(shape) }, () => rng.normal()),
    labels: Uint8Array.from({ length: count }, () => rng.below(classes)),
  };
}
