import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import type { Kind, OpOf, Shape } from "../../src/graph/op.js";
import { outputShape } from "../../src/graph/shape.js";

interface Legal<K extends Kind> {
  readonly op: OpOf<K>;
  readonly from: readonly Shape[];
  readonly to: Shape;
}
interface Illegal<K extends Kind> {
  readonly op: OpOf<K>;
  readonly from: readonly Shape[];
  readonly says: readonly [what: string, whatToDo: string];
}
type Cases = {
  readonly [K in Kind]: { readonly legal: readonly Legal<K>[]; readonly illegal: readonly Illegal<K>[] };
};

const a: Shape = [6, 5, 7];
const conv = { kind: "conv", out: 8, kernel: 3, stride: 1, dilation: 1, groups: 1, bias: false } as const;

/** Operators of one input that keep its shape. */
const keeps = <K extends Kind>(op: OpOf<K>) => ({
  legal: [{ op, from: [a], to: a }],
  illegal: [
    { op, from: [], says: [`${op.kind}: has 0 inputs`, "It takes 1."] as const },
    { op, from: [a, a], says: [`${op.kind}: has 2 inputs`, "It takes 1."] as const },
  ],
});

/** Operators of two or more inputs of one shape. */
const merges = <K extends Kind>(op: OpOf<K>) => ({
  legal: [
    { op, from: [a, a], to: a },
    { op, from: [a, a, a], to: a },
  ],
  illegal: [
    { op, from: [a], says: [`${op.kind}: has 1 inputs`, "It takes 2 or more."] as const },
    {
      op,
      from: [a, a, [6, 5, 8] as const],
      says: [
        `${op.kind}: inputs are [6, 5, 7] and [6, 5, 7] and [6, 5, 8]`,
        "They must have one shape.",
      ] as const,
    },
  ],
});

const cases: Cases = {
  input: {
    legal: [{ op: { kind: "input", shape: a }, from: [], to: a }],
    illegal: [
      { op: { kind: "input", shape: a }, from: [a], says: ["input: has 1 inputs", "It takes none."] },
      {
        op: { kind: "input", shape: [3, 0, 7] },
        from: [],
        says: ["input: a dimension is 0", "It must be a whole number from 1 up."],
      },
      {
        op: { kind: "input", shape: [3, 7] as unknown as Shape },
        from: [],
        says: ["input: shape is [3, 7]", "It must be [channels, height, width]."],
      },
    ],
  },
  conv: {
    legal: [
      { op: conv, from: [a], to: [8, 5, 7] },
      { op: { ...conv, stride: 2 }, from: [a], to: [8, 3, 4] },
      { op: { ...conv, stride: 3, kernel: 7 }, from: [[6, 1, 4]], to: [8, 1, 2] },
      { op: { ...conv, kernel: 5, dilation: 3 }, from: [a], to: [8, 5, 7] },
      { op: { ...conv, groups: 2, bias: true }, from: [a], to: [8, 5, 7] },
      { op: { ...conv, out: 12, groups: 6 }, from: [a], to: [12, 5, 7] },
    ],
    illegal: [
      { op: conv, from: [a, a], says: ["conv: has 2 inputs", "It takes 1."] },
      { op: { ...conv, kernel: 4 }, from: [a], says: ["conv: kernel is 4", "It must be odd."] },
      {
        op: { ...conv, out: 1.5 },
        from: [a],
        says: ["conv: out is 1.5", "It must be a whole number from 1 up."],
      },
      {
        op: { ...conv, stride: 0 },
        from: [a],
        says: ["conv: stride is 0", "It must be a whole number from 1 up."],
      },
      {
        op: { ...conv, dilation: -1 },
        from: [a],
        says: ["conv: dilation is -1", "It must be a whole number from 1 up."],
      },
      {
        op: { ...conv, groups: 4 },
        from: [a],
        says: ["conv: groups is 4 with 6 channels in and 8 out", "It must divide both."],
      },
      {
        op: { ...conv, groups: 3 },
        from: [a],
        says: ["conv: groups is 3 with 6 channels in and 8 out", "It must divide both."],
      },
    ],
  },
  norm: keeps({ kind: "norm" }),
  layerNorm: keeps({ kind: "layerNorm" }),
  act: keeps({ kind: "act", fn: "gelu" }),
  scale: {
    legal: [{ op: { kind: "scale", init: 1e-5 }, from: [a], to: a }],
    illegal: [
      { op: { kind: "scale", init: 1 }, from: [], says: ["scale: has 0 inputs", "It takes 1."] },
      {
        op: { kind: "scale", init: Number.NaN },
        from: [a],
        says: ["scale: init is NaN", "It must be a finite number."],
      },
    ],
  },
  add: merges({ kind: "add" }),
  average: merges({ kind: "average" }),
  mul: {
    legal: [
      { op: { kind: "mul" }, from: [a, [6, 1, 1]], to: a },
      { op: { kind: "mul" }, from: [a, [1, 5, 7]], to: a },
      { op: { kind: "mul" }, from: [a, a], to: a },
    ],
    illegal: [
      { op: { kind: "mul" }, from: [a], says: ["mul: has 1 inputs", "It takes 2."] },
      {
        op: { kind: "mul" },
        from: [a, [6, 5, 1]],
        says: ["mul: gate [6, 5, 1] does not fit [6, 5, 7]", "It must be [6, 1, 1], [1, 5, 7] or [6, 5, 7]."],
      },
      {
        op: { kind: "mul" },
        from: [[6, 1, 1], a],
        says: ["mul: gate [6, 5, 7] does not fit [6, 1, 1]", "It must be [6, 1, 1], [1, 1, 1] or [6, 1, 1]."],
      },
    ],
  },
  concat: {
    legal: [
      { op: { kind: "concat" }, from: [a, [2, 5, 7]], to: [8, 5, 7] },
      { op: { kind: "concat" }, from: [a, [2, 5, 7], a], to: [14, 5, 7] },
    ],
    illegal: [
      { op: { kind: "concat" }, from: [a], says: ["concat: has 1 inputs", "It takes 2 or more."] },
      {
        op: { kind: "concat" },
        from: [a, [6, 7, 5]],
        says: ["concat: inputs are [6, 5, 7] and [6, 7, 5]", "Height and width must agree."],
      },
    ],
  },
  globalPool: {
    legal: [{ op: { kind: "globalPool" }, from: [a], to: [6, 1, 1] }],
    illegal: keeps({ kind: "globalPool" }).illegal,
  },
  avgPool: {
    legal: [
      { op: { kind: "avgPool", kernel: 2, stride: 2 }, from: [a], to: [6, 2, 3] },
      { op: { kind: "avgPool", kernel: 5, stride: 1 }, from: [a], to: [6, 1, 3] },
    ],
    illegal: [
      {
        op: { kind: "avgPool", kernel: 6, stride: 2 },
        from: [a],
        says: ["avgPool: kernel is 6 on a 5 × 7 map", "The map must be at least as large."],
      },
      {
        op: { kind: "avgPool", kernel: 2, stride: 0.5 },
        from: [a],
        says: ["avgPool: stride is 0.5", "It must be a whole number from 1 up."],
      },
      {
        op: { kind: "avgPool", kernel: 2, stride: 2 },
        from: [],
        says: ["avgPool: has 0 inputs", "It takes 1."],
      },
    ],
  },
  shuffle: {
    legal: [{ op: { kind: "shuffle", groups: 3 }, from: [a], to: a }],
    illegal: [
      {
        op: { kind: "shuffle", groups: 4 },
        from: [a],
        says: ["shuffle: groups is 4 with 6 channels", "It must divide them."],
      },
      {
        op: { kind: "shuffle", groups: 0 },
        from: [a],
        says: ["shuffle: groups is 0", "It must be a whole number from 1 up."],
      },
    ],
  },
  maxRelative: {
    legal: [{ op: { kind: "maxRelative", step: 2 }, from: [a], to: a }],
    illegal: [
      {
        op: { kind: "maxRelative", step: 0 },
        from: [a],
        says: ["maxRelative: step is 0", "It must be a whole number from 1 up."],
      },
      {
        op: { kind: "maxRelative", step: 2 },
        from: [a, a],
        says: ["maxRelative: has 2 inputs", "It takes 1."],
      },
    ],
  },
  attention: {
    legal: [
      { op: { kind: "attention", heads: 2, table: 0 }, from: [a, a, a], to: a },
      { op: { kind: "attention", heads: 6, table: 14 }, from: [a, a, a], to: a },
    ],
    illegal: [
      {
        op: { kind: "attention", heads: 2, table: 0 },
        from: [a, a],
        says: ["attention: has 2 inputs", "It takes 3: q, k and v."],
      },
      {
        op: { kind: "attention", heads: 4, table: 0 },
        from: [a, a, a],
        says: ["attention: heads is 4 with 6 channels", "It must divide them."],
      },
      {
        op: { kind: "attention", heads: 2, table: -1 },
        from: [a, a, a],
        says: ["attention: table is -1", "It must be a whole number from 0 up."],
      },
      {
        op: { kind: "attention", heads: 2, table: 0 },
        from: [a, a, [6, 7, 5]],
        says: ["attention: inputs are [6, 5, 7] and [6, 5, 7] and [6, 7, 5]", "They must have one shape."],
      },
    ],
  },
};

for (const [kind, { legal, illegal }] of Object.entries(cases)) {
  test(`${kind} makes the shape its definition says`, () => {
    for (const { op, from, to } of legal) assert.deepEqual(outputShape(op, from), to, JSON.stringify(op));
  });

  test(`${kind} refuses inputs and attributes that do not fit, and says what would`, () => {
    for (const { op, from, says } of illegal)
      assert.throws(
        () => outputShape(op, from),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.deepEqual([error.message, error.whatToDo], says);
          return true;
        },
      );
  });
}
