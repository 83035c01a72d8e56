import { type Activation, normEpsilon, type PerKind } from "../../graph/op.js";
import { multiplesBelow, type Place as PlaceIn } from "../lower.js";
import { oihw } from "../weightLayout.js";
import { attentionBias } from "./attentionBias.js";
import type { Scope } from "./writer.js";

type Place = PlaceIn<Scope, string>;

const scalar = (on: Scope, name: string, value: number) => on.floats(name, [], Float32Array.of(value));

const acts: { readonly [A in Activation]: (on: Scope, x: string) => string } = {
  relu: (on, x) => on.op("Relu", [x]),
  relu6: (on, x) => on.op("Clip", [x, scalar(on, "min", 0), scalar(on, "max", 6)]),
  "hard-swish": (on, x) => on.op("HardSwish", [x]),
  "hard-sigmoid": (on, x) => on.op("HardSigmoid", [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  gelu(on, x) {
    const erf = on.op("Erf", [on.op("Mul", [x, scalar(on, "rootHalf", Math.SQRT1_2)])]);
    const twicePhi = on.op("Add", [erf, scalar(on, "one", 1)]);
    return on.op("Mul", [on.op("Mul", [x, twicePhi]), scalar(on, "half", 0.5)]);
  },
  silu: (on, x) => on.op("Mul", [x, on.op("Sigmoid", [x])]),
  sigmoid: (on, x) => on.op("Sigmoid", [x]),
};

const sum = (on: Scope, inputs: readonly string[]) => inputs.reduce((total, x) => on.op("Add", [total, x]));

/** A tensor rolled by `shift` along an axis of `length`: what was at i is at i + shift, round the end. */
function roll(on: Scope, x: string, axis: number, length: number, shift: number): string {
  const cut = on.ints("cut", [length - shift]);
  const along = on.ints("axis", [axis]);
  const tail = on.op("Slice", [x, cut, on.ints("end", [length]), along]);
  const front = on.op("Slice", [x, on.ints("start", [0]), cut, along]);
  return on.op("Concat", [tail, front], { axis });
}

/** Every operator as nodes of ONNX opset 17 on NCHW tensors; each returns its output's name. */
export const lowerings: PerKind<string, [place: Place]> = {
  input: (_, { inputs: [image] }) => image!,

  conv({ out, kernel, stride, dilation, groups, bias }, { on, inputs: [x], shapes: [from], weight }) {
    const perGroup = from![0] / groups;
    const weights = [
      on.floats(
        "kernel",
        [out, perGroup, kernel, kernel],
        oihw(weight("kernel"), kernel ** 2, perGroup, out),
      ),
    ];
    if (bias) weights.push(on.floats("bias", [out], weight("bias")));
    const pad = ((kernel - 1) / 2) * dilation;
    return on.op("Conv", [x!, ...weights], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      dilations: [dilation, dilation],
      pads: [pad, pad, pad, pad],
      group: groups,
    });
  },

  norm: (_, { on, inputs: [x], shape: [c], weight }) =>
    on.op(
      "BatchNormalization",
      [
        x!,
        ...(["gamma", "beta", "mean", "variance"] as const).map((role) => on.floats(role, [c], weight(role))),
      ],
      { epsilon: { float: normEpsilon } },
    ),

  layerNorm(_, { on, inputs: [x], shape: [c], weight }) {
    const last = on.op("Transpose", [x!], { perm: [0, 2, 3, 1] });
    const affine = (["gamma", "beta"] as const).map((role) => on.floats(role, [c], weight(role)));
    const normal = on.op("LayerNormalization", [last, ...affine], {
      axis: -1,
      epsilon: { float: normEpsilon },
    });
    return on.op("Transpose", [normal], { perm: [0, 3, 1, 2] });
  },

  act: ({ fn }, { on, inputs: [x] }) => acts[fn](on, x!),

  scale: (_, { on, inputs: [x], shape: [c], weight }) =>
    on.op("Mul", [x!, on.floats("factor", [c, 1, 1], weight("factor"))]),

  add: (_, { on, inputs }) => sum(on, inputs),

  average: (_, { on, inputs }) => on.op("Mul", [sum(on, inputs), scalar(on, "share", 1 / inputs.length)]),

  mul: (_, { on, inputs }) => on.op("Mul", inputs),

  concat: (_, { on, inputs }) => on.op("Concat", inputs, { axis: 1 }),

  globalPool: (_, { on, inputs }) => on.op("GlobalAveragePool", inputs),

  avgPool: ({ kernel, stride }, { on, inputs }) =>
    on.op("AveragePool", inputs, { kernel_shape: [kernel, kernel], strides: [stride, stride] }),

  shuffle({ groups }, { on, inputs: [x], shape: [c, h, w] }) {
    const split = on.op("Reshape", [x!, on.ints("split", [-1, groups, c / groups, h, w])]);
    const swapped = on.op("Transpose", [split], { perm: [0, 2, 1, 3, 4] });
    return on.op("Reshape", [swapped, on.ints("joined", [-1, c, h, w])]);
  },

  /** The largest of 0 and all x - roll is x minus the least of x and all rolls, rounding included. */
  maxRelative({ step }, { on, inputs: [x], shape: [, h, w] }) {
    const rolls = [
      ...multiplesBelow(step, h).map((shift) => roll(on, x!, 2, h, shift)),
      ...multiplesBelow(step, w).map((shift) => roll(on, x!, 3, w, shift)),
    ];
    return on.op("Sub", [x!, on.op("Min", [x!, ...rolls])]);
  },

  attention({ heads, table }, { on, inputs, shape: [c, h, w], weight }) {
    const depth = c / heads;
    const positions = h * w;
    const split = on.ints("split", [-1, heads, depth, positions]);
    const [q, k, v] = inputs.map((x) => on.op("Reshape", [x, split]));
    const scaled = on.op("Mul", [q!, scalar(on, "scale", 1 / Math.sqrt(depth))]);
    const rows = on.op("Transpose", [scaled], { perm: [0, 1, 3, 2] });
    const products = on.op("MatMul", [rows, k!]);
    const bias = () =>
      on.floats("bias", [heads, positions, positions], attentionBias(weight("table"), heads, table, h, w));
    const scores = table === 0 ? products : on.op("Add", [products, bias()]);
    const weights = on.op("Softmax", [scores], { axis: -1 });
    const mixed = on.op("MatMul", [weights, on.op("Transpose", [v!], { perm: [0, 1, 3, 2] })]);
    const back = on.op("Transpose", [mixed], { perm: [0, 1, 3, 2] });
    return on.op("Reshape", [back, on.ints("joined", [-1, c, h, w])]);
  },
};
