import assert from "node:assert/strict";
import fc from "fast-check";
import { stream } from "../../src/base/rng.js";
import { attention, input, type Node, nodes } from "../../src/graph/node.js";
import { activations, type Kind } from "../../src/graph/op.js";
import type { Engine } from "../../src/train/engine.js";
import { reference } from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";
import { batchFor, classes } from "./networks.js";
import { relativeError } from "./wasm/helpers.js";

const upTo = (most: number, least = 1) => fc.integer({ min: least, max: most });
/** Odd numbers of channels, whole vectors, and just beside them. */
const channels = fc.oneof(upTo(67), fc.constantFrom(3, 4, 5, 8, 15, 16, 17, 32, 33, 64, 65, 67));
const maps = fc.record({ c: channels, h: upTo(7), w: upTo(7) });

/** Operators behind a convolution, so that what they send back is seen, and before a tail whose gradient differs everywhere. */
const around = (c: number, h: number, w: number, body: (x: Node) => Node): Node =>
  body(input([3, h, w]).conv(c, { bias: true }))
    .as("subject")
    .conv(classes)
    .act("silu")
    .globalPool();

const on = (body: (x: Node) => Node, least = 1): fc.Arbitrary<Node> =>
  maps.map(({ c, h, w }) => around(Math.max(c, least), h, w, body));

const convolutions = fc
  .record({
    each: upTo(9),
    outEach: upTo(9),
    from: channels,
    out: channels,
    groups: upTo(7),
    form: fc.constantFrom("dense" as const, "grouped" as const, "depthwise" as const),
    kernel: fc.constantFrom(1, 3, 5, 7, 9),
    stride: upTo(4),
    dilation: upTo(4),
    bias: fc.boolean(),
    h: upTo(11),
    w: upTo(11),
  })
  .map(({ each, outEach, from, out, groups, form, h, w, ...options }) => {
    // A large kernel on many channels takes the reference seconds.
    const few = (c: number) => (options.kernel > 5 ? Math.min(c, 13) : c);
    if (form === "dense") return around(few(from), h, w, (x) => x.conv(few(out), options));
    if (form === "depthwise") return around(from, h, w, (x) => x.conv(from, { ...options, groups: from }));
    return around(each * groups, h, w, (x) => x.conv(outEach * groups, { ...options, groups }));
  });

/** What goes by Winograd's basis: maps of one tile, of parts of tiles, and of more tiles than one block has. */
const threeByThree = fc
  .record({
    from: upTo(20, 12),
    out: upTo(20, 12),
    bias: fc.boolean(),
    h: fc.oneof(upTo(9, 2), fc.constant(25)),
    w: fc.oneof(upTo(9, 2), fc.constant(24)),
  })
  .map(({ from, out, bias, h, w }) => around(from, h, w, (x) => x.conv(out, { kernel: 3, bias })));

const sums = (sum: (first: Node, ...others: Node[]) => Node) =>
  fc
    .tuple(maps, upTo(3))
    .map(([{ c, h, w }, more]) =>
      around(c, h, w, (x) =>
        sum(x, ...Array.from({ length: more }, (_, i) => (i === 0 ? x.act("gelu") : x.conv(c)))),
      ),
    );

/** Networks round one operator of each kind; a new kind without any does not compile. */
export const generated: { readonly [K in Kind]: fc.Arbitrary<Node> } = {
  input: maps.map(({ c, h, w }) =>
    input([c, h, w]).conv(5, { kernel: 3 }).act("gelu").globalPool().conv(classes),
  ),
  conv: fc.oneof({ weight: 4, arbitrary: convolutions }, { weight: 1, arbitrary: threeByThree }),
  // Over a handful of rows a norm's gradient is a difference of nearly equal numbers.
  norm: maps.map(({ c, h, w }) => around(c, h + 2, w + 2, (x) => x.norm())),
  // Of one or two channels a layer norm is constant but for its sign, and its gradient all rounding.
  layerNorm: on((x) => x.layerNorm(), 3),
  act: fc
    .tuple(maps, fc.constantFrom(...activations))
    .map(([{ c, h, w }, fn]) => around(c, h, w, (x) => x.act(fn))),
  scale: on((x) => x.scale(0.5)),
  add: sums((first, ...others) => first.add(...(others as [Node, ...Node[]]))),
  average: sums((first, ...others) => first.average(...(others as [Node, ...Node[]]))),
  mul: fc.tuple(maps, fc.constantFrom("channel", "position", "number")).map(([{ c, h, w }, by]) =>
    around(c, h, w, (x) => {
      if (by === "channel") return x.times(x.globalPool().conv(c).act("sigmoid"));
      return x.times(x.conv(by === "position" ? 1 : c).act("hard-sigmoid"));
    }),
  ),
  concat: fc
    .tuple(maps, channels, channels)
    .map(([{ c, h, w }, a, b]) => around(c, h, w, (x) => x.conv(a).concat(x, x.conv(b)))),
  globalPool: on((x) => x.act("silu").globalPool()),
  avgPool: fc
    .tuple(maps, upTo(4), upTo(3))
    .map(([{ c, h, w }, kernel, stride]) => around(c, h + 3, w + 3, (x) => x.avgPool(kernel, stride))),
  shuffle: fc
    .tuple(upTo(8), upTo(8), maps)
    .map(([groups, each, { h, w }]) => around(groups * each, h, w, (x) => x.shuffle(groups))),
  // Not smaller than the step, where nothing is compared and all is 0.
  maxRelative: fc
    .tuple(maps, upTo(3))
    .map(([{ c, h, w }, step]) => around(c, h + step, w, (x) => x.maxRelative(step))),
  attention: fc
    .record({ heads: upTo(4), deep: upTo(17), h: upTo(5), w: upTo(5), table: upTo(5, 0) })
    .map(({ heads, deep, h, w, table }) => {
      const c = heads * deep;
      return around(c, h, w, (x) => attention(x.conv(c), x.conv(c), x.conv(c), { heads, table }));
    }),
};

/**
 * Hold an engine to the reference on one network, forward and backward: loss in training mode and logits within 1e-5, each
 * gradient within 1e-4 of its size. One a hundred times smaller than all together is held to a hundredth of them: it is a
 * sum of terms that nearly cancel, whose digits float32 does not have.
 */
export async function holdToReference(engine: Engine, out: Node): Promise<void> {
  const shape = nodes(out)[0]!.shape;
  const batch = batchFor(shape, 2, 1);
  const weights = initialWeights(out, stream(1, "weights"));
  const [found, expected] = await Promise.all(
    [engine, reference].map(async (asked) => {
      const options = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0.1 };
      const trainer = await asked.open(out, weights, options);
      const said = { ...trainer.gradients(batch), logits: trainer.logits(batch) };
      trainer.dispose();
      return said;
    }),
  );
  const offLoss = Math.abs(found!.loss - expected!.loss) / expected!.loss;
  assert.ok(offLoss < 1e-5, `the loss is off by ${offLoss}`);
  const offLogits = relativeError(found!.logits, expected!.logits);
  assert.ok(offLogits < 1e-5, `logits are off by ${offLogits}`);
  const whole = Math.hypot(...[...expected!.gradients.values()].map((g) => Math.hypot(...g)));
  for (const [path, gradient] of expected!.gradients) {
    const apart = Math.hypot(...gradient.map((g, i) => g - found!.gradients.get(path)![i]!));
    const off = apart / Math.max(Math.hypot(...gradient), 1e-2 * whole);
    assert.ok(off < 1e-4, `${path} is off by ${off}`);
  }
}
