import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cost } from "../../src/graph/cost.js";
import { input, type Node, nodes } from "../../src/graph/node.js";
import { activations } from "../../src/graph/op.js";
import { print } from "../../src/graph/text.js";
import { type Block, round8, type Stage, type Value } from "../../src/space/block.js";
import { convolution } from "../../src/space/blocks/convolution.js";
import { fusedInvertedResidual } from "../../src/space/blocks/fusedInvertedResidual.js";
import * as blocks from "../../src/space/blocks/index.js";
import { invertedResidual } from "../../src/space/blocks/invertedResidual.js";
import { multiLevelDilated } from "../../src/space/blocks/multiLevelDilated.js";
import { skip } from "../../src/space/blocks/skip.js";

type Pick = Readonly<Record<string, Value>>;
interface Call {
  readonly x: Node;
  readonly pick: Pick;
  readonly stage: Stage;
}

const channels = fc.integer({ min: 1, max: 12 }).map((n) => 8 * n);
const side = fc.integer({ min: 1, max: 15 });

const picks = (block: Block): fc.Arbitrary<Pick> =>
  fc.record(
    Object.fromEntries(
      Object.entries(block.choices).map(([name, values]) => [name, fc.constantFrom(...values)]),
    ),
  );

/** Every call a space may make of a block. */
const calls = (block: Block): fc.Arbitrary<Call> =>
  fc
    .tuple(
      channels,
      channels,
      side,
      side,
      fc.constantFrom(1, 2),
      fc.constantFrom(...activations),
      picks(block),
    )
    .map(([cin, cout, h, w, stride, act, pick]) => ({
      x: input([cin, h, w]),
      pick,
      stage: block.keepsShape ? { width: cin, stride: 1, act } : { width: cout, stride, act },
    }));

function blockContract(name: string, block: Block): void {
  const build = ({ x, pick, stage }: Call) => block.build(x, pick, stage);

  test(`${name} makes the shape its stage asks for, whatever is picked`, () => {
    fc.assert(
      fc.property(calls(block), (call) => {
        const [, h, w] = call.x.shape;
        const { width, stride } = call.stage;
        assert.deepEqual(build(call).shape, [width, Math.ceil(h / stride), Math.ceil(w / stride)]);
      }),
    );
  });

  test(`${name} is pure: the same call makes the same network`, () => {
    fc.assert(fc.property(calls(block), (call) => assert.equal(print(build(call)), print(build(call)))));
  });

  test(`${name} makes another network for each value of each choice`, () => {
    fc.assert(
      fc.property(calls(block), (call) => {
        for (const [choice, values] of Object.entries(block.choices)) {
          const texts = values.map((value) =>
            print(build({ ...call, pick: { ...call.pick, [choice]: value } })),
          );
          assert.equal(new Set(texts).size, values.length, choice);
        }
      }),
      { numRuns: 30 },
    );
  });
}

for (const [name, block] of Object.entries(blocks)) blockContract(name, block);

/** Params of the attention type a block was given; the formulas of the attentions' docstrings. */
function attentionParams(name: string, inside: number, after: number, h: number): number {
  const r = round8(inside / 4);
  const c = after;
  let dim = Math.min(32, c);
  while (c % dim > 0) dim--;
  const table: Record<string, number> = {
    none: 0,
    "squeeze-excite": 2 * inside * r + r + inside,
    mhsa: 2 * c + 4 * (c * c + c) + (c / dim) * (2 * h - 1) ** 2,
    additive: 5 * c * c + 48 * c,
    graph: 7 * c * c + 12 * c,
  };
  return table[name]!;
}

function paramsFormula<P>(name: string, block: Block, formula: (call: Call, pick: P) => number): void {
  test(`${name} has the params its docstring states`, () => {
    fc.assert(
      fc.property(calls(block), (call) => {
        const out = block.build(call.x, call.pick, call.stage);
        assert.equal(cost(out).params, formula(call, call.pick as P));
      }),
    );
  });
}

paramsFormula<{ kernel: number }>(
  "convolution",
  convolution,
  ({ x, stage: { width } }, { kernel }) => kernel ** 2 * x.channels * width + 2 * width,
);

paramsFormula<{ kernel: number; expand: number; groups: number; attention: string }>(
  "invertedResidual",
  invertedResidual,
  ({ x, stage: { width, stride } }, { kernel: k, expand, groups: g, attention }) => {
    const cin = x.channels;
    const m = expand === 1 ? cin : round8(cin * expand);
    const own =
      expand === 1
        ? cin * (k ** 2 + width / g) + 2 * (cin + width)
        : m * (cin / g + k ** 2 + width / g) + 2 * (2 * m + width);
    return own + attentionParams(attention, m, width, Math.ceil(x.height / stride));
  },
);

paramsFormula<{ kernel: number; expand: number; attention: string }>(
  "fusedInvertedResidual",
  fusedInvertedResidual,
  ({ x, stage: { width, stride } }, { kernel: k, expand, attention }) => {
    const m = round8(x.channels * expand);
    const own = m * (k ** 2 * x.channels + width) + 2 * (m + width);
    return own + attentionParams(attention, m, width, Math.ceil(x.height / stride));
  },
);

paramsFormula<{ levels: readonly number[]; kernel: number; expand: number; attention: string }>(
  "multiLevelDilated",
  multiLevelDilated,
  ({ x }, { levels, kernel: k, expand, attention }) => {
    const c = x.channels;
    const own =
      levels.length * (9 * c ** 2 + 3 * c) + 2 * (1 + expand) * c ** 2 + (2 * k ** 2 + 3 * expand + 14) * c;
    return own + attentionParams(attention, c * expand, c, x.height);
  },
);

paramsFormula<Pick>("skip", skip, ({ x, stage: { width, stride } }) =>
  stride === 1 && width === x.channels ? 0 : x.channels * width + 2 * width,
);

const stage: Stage = { width: 16, stride: 1, act: "relu" };
const kinds = (out: Node) => nodes(out).map((node) => node.op.kind);

test("invertedResidual does not widen when expand is 1, but still shuffles its groups", () => {
  const pick = { kernel: 3, expand: 1, dilation: 1, groups: 2, attention: "none" } as const;
  const out = invertedResidual.build(input([32, 8, 8]), pick, stage);
  assert.deepEqual(kinds(out), ["input", "shuffle", "conv", "norm", "act", "conv", "norm"]);
});

test("skip hands on the very node it was given", () => {
  const x = input([16, 8, 8]);
  assert.equal(skip.build(x, {}, stage), x);
});

test("squeeze-and-excitation sits before the narrowing convolution, the other attentions behind the residual", () => {
  const base = { kernel: 3, expand: 4, dilation: 1, groups: 1 } as const;
  const x = input([16, 8, 8]);
  const of = (attention: string) => kinds(invertedResidual.build(x, { ...base, attention }, stage));
  assert.deepEqual(of("squeeze-excite").slice(-4), ["mul", "conv", "norm", "add"]);
  for (const name of ["mhsa", "additive", "graph"])
    assert.deepEqual(of(name).slice(0, of("none").length), of("none"), name);
});

test("multiLevelDilated has one branch a level, and layer scales that let a short training see both halves", () => {
  const pick = { levels: [2, 3, 4], kernel: 5, expand: 2, attention: "none" } as const;
  const ops = nodes(multiLevelDilated.build(input([16, 8, 8]), pick, stage)).map((node) => node.op);
  const dilations = ops.flatMap((op) => (op.kind === "conv" && op.kernel === 3 ? [op.dilation] : []));
  assert.deepEqual(dilations, [2, 3, 4]);
  assert.deepEqual(
    ops.flatMap((op) => (op.kind === "scale" ? [op.init] : [])),
    [1, 1],
  );
});
