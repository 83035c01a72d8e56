import fc from "fast-check";
import { UserError } from "../../src/base/errors.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import { activations } from "../../src/graph/op.js";

type Step = (x: Node, other: Node) => Node;

const odd = fc.constantFrom(1, 3, 5, 7);
const few = fc.integer({ min: 1, max: 3 });

/** One operator with its attributes, to be applied to a node or two. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      out: fc.integer({ min: 1, max: 9 }),
      kernel: odd,
      stride: few,
      dilation: few,
      bias: fc.boolean(),
    })
    .map(
      ({ out, ...options }): Step =>
        (x) =>
          x.conv(out, options),
    ),
  fc.record({ kernel: odd, stride: few, dilation: few }).map(
    (options): Step =>
      (x) =>
        x.depthwise(options),
  ),
  fc.constantFrom(...activations).map(
    (fn): Step =>
      (x) =>
        x.act(fn),
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(
    (init): Step =>
      (x) =>
        x.scale(init === 0 ? 0 : init), // a text does not tell -0 from 0
  ),
  fc.record({ kernel: few, stride: few }).map(
    ({ kernel, stride }): Step =>
      (x) =>
        x.avgPool(kernel, stride),
  ),
  few.map(
    (groups): Step =>
      (x) =>
        x.shuffle(groups),
  ),
  few.map(
    (n): Step =>
      (x) =>
        x.maxRelative(n),
  ),
  fc.record({ heads: few, table: fc.integer({ min: 0, max: 5 }) }).map(
    (options): Step =>
      (x, other) =>
        attention(x, other, x, options),
  ),
  fc.constantFrom<Step>(
    (x) => x.norm(),
    (x) => x.layerNorm(),
    (x) => x.globalPool(),
    (x, other) => x.add(other),
    (x, other) => x.add(other, x),
    (x, other) => x.average(other),
    (x, other) => x.times(other),
    (x, other) => x.concat(other),
  ),
);

const stage = fc.record({
  step,
  from: fc.nat(),
  with: fc.nat(),
  name: fc.option(fc.stringMatching(/^[a-z#@%.\d]{1,6}$/), { nil: undefined }),
});

/** Legal networks of every operator kind; a step that does not fit its nodes is left out. */
export const anyNetwork: fc.Arbitrary<Node> = fc
  .record({
    shape: fc.tuple(few, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    stages: fc.array(stage, { maxLength: 15 }),
  })
  .map(({ shape, stages }) => {
    const made = [input(shape)];
    for (const { step, from, with: beside, name } of stages) {
      // Mostly the newest nodes, so that the last one needs most of the others.
      const recent = made.slice(-3);
      try {
        const node = step(recent[from % recent.length]!, recent[beside % recent.length]!);
        made.push(name === undefined ? node : node.as(name));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
    return made.at(-1)!;
  });
