import { type Activation, normEpsilon, type PerKind, type Shape } from "../../graph/op.js";
import { multiplesBelow, type Place as PlaceIn } from "../lower.js";
import { attentionBias } from "../onnx/attentionBias.js";
import { oihw } from "../weightLayout.js";
import type { Scope } from "./writer.js";

type Place = PlaceIn<Scope, string>;

const batched = (shape: readonly number[]) => [1, ...shape];

const hardSigmoid = (on: Scope, x: string, shape: Shape) =>
  on.op("sigmoid_hard", { x, alpha: { float: 1 / 6 }, beta: { float: 0.5 } }, batched(shape));

const plain = (type: string) => (on: Scope, x: string, shape: Shape) => on.op(type, { x }, batched(shape));

const acts: { readonly [A in Activation]: (on: Scope, x: string, shape: Shape) => string } = {
  relu: plain("relu"),
  relu6: plain("relu6"),
  "hard-swish": (on, x, shape) => on.op("mul", { x, y: hardSigmoid(on, x, shape) }, batched(shape)),
  "hard-sigmoid": hardSigmoid,
  gelu: (on, x, shape) => on.op("gelu", { x, mode: { word: "EXACT" } }, batched(shape)),
  silu: plain("silu"),
  sigmoid: plain("sigmoid"),
};

const sum = ({ on, inputs, shape }: Place): string =>
  inputs.reduce((x, y) => on.op("add", { x, y }, batched(shape)));

/** Part of a tensor along one axis, from `begin` up to but not including `end`. */
function slice(on: Scope, x: string, shape: Shape, axis: number, begin: number, end: number): string {
  const whole = batched(shape);
  const at = (here: number, else_: (i: number) => number) =>
    whole.map((_, i) => (i === axis ? here : else_(i)));
  return on.op(
    "slice_by_index",
    { x, begin: { ints: at(begin, () => 0) }, end: { ints: at(end, (i) => whole[i]!) } },
    at(end - begin, (i) => whole[i]!),
  );
}

/** A tensor rolled by `shift` along an axis: what was at i is at i + shift, round the end. */
function roll(on: Scope, x: string, shape: Shape, axis: number, shift: number): string {
  const length = batched(shape)[axis]!;
  const tail = slice(on, x, shape, axis, length - shift, length);
  const front = slice(on, x, shape, axis, 0, length - shift);
  return on.op(
    "concat",
    { values: [tail, front], axis: { int: axis }, interleave: { bool: false } },
    batched(shape),
  );
}

/** Every operator as operations of MIL, opset CoreML6, on tensors [1, c, h, w]; each returns its output's name. */
export const lowerings: PerKind<string, [place: Place]> = {
  input: (_, { inputs: [image] }) => image!,

  conv({ out, kernel, stride, dilation, groups, bias }, { on, inputs, shapes: [from], shape, weight }) {
    const perGroup = from![0] / groups;
    const pad = ((kernel - 1) / 2) * dilation;
    const turned = oihw(weight("kernel"), kernel ** 2, perGroup, out);
    return on.op(
      "conv",
      {
        x: inputs[0]!,
        weight: on.floats("kernel", [out, perGroup, kernel, kernel], turned),
        ...(bias && { bias: on.floats("bias", [out], weight("bias")) }),
        strides: { ints: [stride, stride] },
        pad_type: { word: "custom" },
        pad: { ints: [pad, pad, pad, pad] },
        dilations: { ints: [dilation, dilation] },
        groups: { int: groups },
      },
      batched(shape),
    );
  },

  norm: (_, { on, inputs, shape, weight }) =>
    on.op(
      "batch_norm",
      {
        x: inputs[0]!,
        ...Object.fromEntries(
          (["mean", "variance", "gamma", "beta"] as const).map((role) => [
            role,
            on.floats(role, [shape[0]], weight(role)),
          ]),
        ),
        epsilon: { float: normEpsilon },
      },
      batched(shape),
    ),

  layerNorm: (_, { on, inputs, shape, weight }) =>
    on.op(
      "layer_norm",
      {
        x: inputs[0]!,
        axes: { ints: [1] },
        gamma: on.floats("gamma", [shape[0]], weight("gamma")),
        beta: on.floats("beta", [shape[0]], weight("beta")),
        epsilon: { float: normEpsilon },
      },
      batched(shape),
    ),

  act: ({ fn }, { on, inputs, shape }) => acts[fn](on, inputs[0]!, shape),

  scale: (_, { on, inputs, shape, weight }) =>
    on.op(
      "mul",
      { x: inputs[0]!, y: on.floats("factor", [1, shape[0], 1, 1], weight("factor")) },
      batched(shape),
    ),

  add: (_, place) => sum(place),

  average: (_, place) =>
    place.on.op("mul", { x: sum(place), y: { float: 1 / place.inputs.length } }, batched(place.shape)),

  mul: (_, { on, inputs: [x, y], shape }) => on.op("mul", { x: x!, y: y! }, batched(shape)),

  concat: (_, { on, inputs, shape }) =>
    on.op("concat", { values: inputs, axis: { int: 1 }, interleave: { bool: false } }, batched(shape)),

  globalPool: (_, { on, inputs, shape }) =>
    on.op(
      "reduce_mean",
      { x: inputs[0]!, axes: { ints: [2, 3] }, keep_dims: { bool: true } },
      batched(shape),
    ),

  avgPool: ({ kernel, stride }, { on, inputs, shape }) =>
    on.op(
      "avg_pool",
      {
        x: inputs[0]!,
        kernel_sizes: { ints: [kernel, kernel] },
        strides: { ints: [stride, stride] },
        pad_type: { word: "valid" },
        pad: { ints: [0, 0, 0, 0] },
        exclude_padding_from_average: { bool: false },
        ceil_mode: { bool: false },
      },
      batched(shape),
    ),

  shuffle({ groups }, { on, inputs, shape: [c, h, w] }) {
    const split = [1, groups, c / groups, h, w];
    const swapped = [1, c / groups, groups, h, w];
    const apart = on.op("reshape", { x: inputs[0]!, shape: { ints: split } }, split);
    const turned = on.op("transpose", { x: apart, perm: { ints: [0, 2, 1, 3, 4] } }, swapped);
    return on.op("reshape", { x: turned, shape: { ints: [1, c, h, w] } }, [1, c, h, w]);
  },

  /** The largest of 0 and all x - roll is x minus the least of x and all rolls. */
  maxRelative({ step }, { on, inputs, shape }) {
    const x = inputs[0]!;
    const rolls = [
      ...multiplesBelow(step, shape[1]).map((shift) => roll(on, x, shape, 2, shift)),
      ...multiplesBelow(step, shape[2]).map((shift) => roll(on, x, shape, 3, shift)),
    ];
    const least = rolls.reduce((a, b) => on.op("minimum", { x: a, y: b }, batched(shape)), x);
    return on.op("sub", { x, y: least }, batched(shape));
  },

  attention({ heads, table }, { on, inputs, shape, weight }) {
    const [c, h, w] = shape;
    const depth = c / heads;
    const positions = h * w;
    const split = [1, heads, depth, positions];
    const square = [1, heads, positions, positions];
    const [q, k, v] = inputs.map((x) => on.op("reshape", { x, shape: { ints: split } }, split));
    const times = (x: string, y: string, turn: "transpose_x" | "transpose_y", to: readonly number[]) =>
      on.op(
        "matmul",
        {
          x,
          y,
          transpose_x: { bool: turn === "transpose_x" },
          transpose_y: { bool: turn === "transpose_y" },
        },
        to,
      );
    const scaled = on.op("mul", { x: q!, y: { float: 1 / Math.sqrt(depth) } }, split);
    const products = times(scaled, k!, "transpose_x", square);
    const bias = () => on.floats("bias", square, attentionBias(weight("table"), heads, table, h, w));
    const scores = table === 0 ? products : on.op("add", { x: products, y: bias() }, square);
    const weights = on.op("softmax", { x: scores, axis: { int: -1 } }, square);
    const mixed = times(v!, weights, "transpose_y", split);
    return on.op("reshape", { x: mixed, shape: { ints: batched(shape) } }, batched(shape));
  },
};
