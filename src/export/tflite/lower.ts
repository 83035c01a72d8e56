import { type Activation, normEpsilon, type OpOf, type PerKind, type Shape } from "../../graph/op.js";
import { multiplesBelow, type Place as PlaceIn } from "../lower.js";
import { attentionBias } from "../onnx/attentionBias.js";
import { ohwi } from "../weightLayout.js";
import { padding } from "./schema.js";
import type { Scope } from "./writer.js";

type Place = PlaceIn<Scope, number>;

const nhwc = ([c, h, w]: Shape) => [1, h, w, c];

const scalar = (on: Scope, name: string, value: number) => on.floats(name, [], Float32Array.of(value));

const clipped =
  (how: "relu" | "relu6", name: "RELU" | "RELU6") =>
  ({ on, inputs: [x], shape, alone }: Place): number =>
    alone && on.clip(x!, how) ? x! : on.op(name, [x!], nhwc(shape));

const acts: { readonly [A in Activation]: (place: Place) => number } = {
  relu: clipped("relu", "RELU"),
  relu6: clipped("relu6", "RELU6"),
  "hard-swish": ({ on, inputs, shape }) => on.op("HARD_SWISH", inputs, nhwc(shape)),
  "hard-sigmoid"({ on, inputs: [x], shape }) {
    const shifted = on.op("ADD", [x!, scalar(on, "three", 3)], nhwc(shape));
    on.clip(shifted, "relu6");
    return on.op("MUL", [shifted, scalar(on, "sixth", 1 / 6)], nhwc(shape));
  },
  gelu: ({ on, inputs, shape }) => on.op("GELU", inputs, nhwc(shape), { approximate: 0 }),
  silu: ({ on, inputs: [x], shape }) => on.op("MUL", [x!, on.op("LOGISTIC", [x!], nhwc(shape))], nhwc(shape)),
  sigmoid: ({ on, inputs, shape }) => on.op("LOGISTIC", inputs, nhwc(shape)),
};

const sum = ({ on, inputs, shape }: Place): number =>
  inputs.reduce((x, y) => on.op("ADD", [x, y], nhwc(shape)));

/** Zeros that "same" padding puts before the first of n positions. */
function sameBefore(n: number, reach: number, stride: number): number {
  const total = Math.max(0, (Math.ceil(n / stride) - 1) * stride + reach - n);
  return Math.floor(total / 2);
}

/** The input of a convolution and how it is padded: as TFLite does by itself, or by zeros put round it first. */
function padded({ kernel, stride, dilation }: OpOf<"conv">, { on, inputs: [x], shapes }: Place) {
  const reach = (kernel - 1) * dilation + 1;
  const pad = (reach - 1) / 2;
  const [c, h, w] = shapes[0]!;
  if ([h, w].every((n) => sameBefore(n, reach, stride) === pad)) return { from: x!, padding: padding.same };
  const widths = on.ints("pad", [4, 2], [0, 0, pad, pad, pad, pad, 0, 0]);
  return { from: on.op("PAD", [x!, widths], nhwc([c, h + 2 * pad, w + 2 * pad])), padding: padding.valid };
}

/** A tensor rolled by `shift` along an axis: what was at i is at i + shift, round the end. */
function roll(on: Scope, x: number, whole: readonly number[], axis: number, shift: number): number {
  const length = whole[axis]!;
  const part = (begin: number, size: number) => {
    const starts = whole.map((_, i) => (i === axis ? begin : 0));
    const sizes = whole.map((n, i) => (i === axis ? size : n));
    return on.op("SLICE", [x, on.ints("begin", [4], starts), on.ints("size", [4], sizes)], sizes);
  };
  return on.op("CONCATENATION", [part(length - shift, shift), part(0, length - shift)], whole, { axis });
}

/** Every operator as TFLite's built-in ones on float32 tensors [1, h, w, c]; each returns its output. */
export const lowerings: PerKind<number, [place: Place]> = {
  input: (_, { inputs: [image] }) => image!,

  conv(op, place) {
    const { out, kernel, stride, dilation, groups, bias } = op;
    const { on, shapes, shape, weight } = place;
    const channelsIn = shapes[0]![0];
    const { from, padding } = padded(op, place);
    const offsets = on.floats("bias", [out], bias ? weight("bias") : new Float32Array(out));
    const how = { padding, strideW: stride, strideH: stride, dilationW: dilation, dilationH: dilation };
    if (groups === channelsIn && groups > 1) {
      const filters = on.floats("kernel", [1, kernel, kernel, out], weight("kernel"));
      return on.op("DEPTHWISE_CONV_2D", [from, filters, offsets], nhwc(shape), {
        ...how,
        multiplier: out / channelsIn,
      });
    }
    const each = channelsIn / groups;
    const turned = ohwi(weight("kernel"), kernel ** 2, each, out);
    const filters = on.floats("kernel", [out, kernel, kernel, each], turned);
    return on.op("CONV_2D", [from, filters, offsets], nhwc(shape), how);
  },

  norm(_, { on, inputs, shape, weight }) {
    const [gamma, beta, mean, variance] = (["gamma", "beta", "mean", "variance"] as const).map(weight);
    const factor = gamma!.map((g, i) => g / Math.sqrt(variance![i]! + normEpsilon));
    const shift = beta!.map((b, i) => b - mean![i]! * factor[i]!);
    const scaled = on.op("MUL", [inputs[0]!, on.floats("factor", [shape[0]], factor)], nhwc(shape));
    return on.op("ADD", [scaled, on.floats("shift", [shape[0]], shift)], nhwc(shape));
  },

  layerNorm(_, { on, inputs: [x], shape, weight }) {
    const [c, h, w] = shape;
    const mean = (of: number) =>
      on.op("MEAN", [of, on.ints("axis", [1], [3])], [1, h, w, 1], { keepDims: 1 });
    const middle = mean(x!);
    const apart = on.op("SUB", [x!, middle], nhwc(shape));
    const variance = mean(on.op("SQUARED_DIFFERENCE", [x!, middle], nhwc(shape)));
    const safe = on.op("ADD", [variance, scalar(on, "epsilon", normEpsilon)], [1, h, w, 1]);
    const normal = on.op("MUL", [apart, on.op("RSQRT", [safe], [1, h, w, 1])], nhwc(shape));
    const scaled = on.op("MUL", [normal, on.floats("gamma", [c], weight("gamma"))], nhwc(shape));
    return on.op("ADD", [scaled, on.floats("beta", [c], weight("beta"))], nhwc(shape));
  },

  act: ({ fn }, place) => acts[fn](place),

  scale: (_, { on, inputs: [x], shape, weight }) =>
    on.op("MUL", [x!, on.floats("factor", [shape[0]], weight("factor"))], nhwc(shape)),

  add: (_, place) => sum(place),

  average: (_, place) =>
    place.on.op("MUL", [sum(place), scalar(place.on, "share", 1 / place.inputs.length)], nhwc(place.shape)),

  mul: (_, { on, inputs, shape }) => on.op("MUL", inputs, nhwc(shape)),

  concat: (_, { on, inputs, shape }) => on.op("CONCATENATION", inputs, nhwc(shape), { axis: 3 }),

  globalPool: (_, { on, inputs: [x], shape }) =>
    on.op("MEAN", [x!, on.ints("axes", [2], [1, 2])], nhwc(shape), { keepDims: 1 }),

  avgPool: ({ kernel, stride }, { on, inputs, shape }) =>
    on.op("AVERAGE_POOL_2D", inputs, nhwc(shape), {
      padding: padding.valid,
      strideW: stride,
      strideH: stride,
      filterW: kernel,
      filterH: kernel,
    }),

  shuffle({ groups }, { on, inputs: [x], shape }) {
    const [c, h, w] = shape;
    const split = [1, h, w, groups, c / groups];
    const swapped = [1, h, w, c / groups, groups];
    const apart = on.op("RESHAPE", [x!, on.ints("split", [5], split)], split);
    const turned = on.op("TRANSPOSE", [apart, on.ints("perm", [5], [0, 1, 2, 4, 3])], swapped);
    return on.op("RESHAPE", [turned, on.ints("joined", [4], nhwc(shape))], nhwc(shape));
  },

  /** The largest of 0 and all x - roll is x minus the least of x and all rolls. */
  maxRelative({ step }, { on, inputs: [x], shape }) {
    const whole = nhwc(shape);
    const rolls = [
      ...multiplesBelow(step, shape[1]).map((shift) => roll(on, x!, whole, 1, shift)),
      ...multiplesBelow(step, shape[2]).map((shift) => roll(on, x!, whole, 2, shift)),
    ];
    const least = rolls.reduce((a, b) => on.op("MINIMUM", [a, b], whole), x!);
    return on.op("SUB", [x!, least], whole);
  },

  attention({ heads, table }, { on, inputs, shape, weight }) {
    const [c, h, w] = shape;
    const depth = c / heads;
    const positions = h * w;
    const apart = [1, positions, heads, depth];
    const byHead = [1, heads, positions, depth];
    const square = [1, heads, positions, positions];
    const swap = () => on.ints("perm", [4], [0, 2, 1, 3]);
    const [q, k, v] = inputs.map((x) => {
      const split = on.op("RESHAPE", [x, on.ints("split", [4], apart)], apart);
      return on.op("TRANSPOSE", [split, swap()], byHead);
    });
    const scaled = on.op("MUL", [q!, scalar(on, "scale", 1 / Math.sqrt(depth))], byHead);
    const products = on.op("BATCH_MATMUL", [scaled, k!], square, { adjY: 1 });
    const bias = () => on.floats("bias", square, attentionBias(weight("table"), heads, table, h, w));
    const scores = table === 0 ? products : on.op("ADD", [products, bias()], square);
    const weights = on.op("SOFTMAX", [scores], square, { beta: 1 });
    const mixed = on.op("BATCH_MATMUL", [weights, v!], byHead);
    const back = on.op("TRANSPOSE", [mixed, swap()], apart);
    return on.op("RESHAPE", [back, on.ints("joined", [4], nhwc(shape))], nhwc(shape));
  },
};
