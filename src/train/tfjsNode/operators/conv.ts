import type { OpOf } from "../../../graph/op.js";
import { text, whole } from "../attributes.js";
import type { Operator } from "../operator.js";
import type { Tensor, Tensors } from "../tensors.js";
import { joined } from "./move.js";

/** A convolution of some input by some kernel: its value, and gradients from the value's. */
interface Convolved {
  readonly value: Tensor;
  input(dy: Tensor): Tensor;
  kernel(dy: Tensor): Tensor;
}

type Convolution = OpOf<"conv">;

export const conv: Operator<"conv"> = (op, { tf, inputs: [x], wanted, weights: { kernel, bias } }) => {
  const convolved = strided(tf, op, x!, kernel!);
  return {
    value: bias ? tf.op("BiasAdd", [convolved.value, bias]) : convolved.value,
    back: (dy) => ({
      inputs: [wanted[0] ? convolved.input(dy) : undefined],
      weights: { kernel: convolved.kernel(dy), ...(bias && { bias: tf.op("BiasAddGrad", [dy]) }) },
    }),
  };
};

/** Strides with dilation, which TensorFlow has not, take every so manieth of all positions. */
function strided(tf: Tensors, op: Convolution, x: Tensor, kernel: Tensor): Convolved {
  const { stride, dilation } = op;
  if (stride === 1 || dilation === 1) return dilated(tf, op, x, kernel);
  const all = dilated(tf, { ...op, stride: 1 }, x, kernel);
  const places = [tf.ints([0, 0, 0, 0]), tf.ints(all.value.shape), tf.ints([1, stride, stride, 1])] as const;
  const spread = (dy: Tensor) => tf.op("StridedSliceGrad", [tf.ints(all.value.shape), ...places, dy]);
  return {
    value: tf.op("StridedSlice", [all.value, ...places]),
    input: (dy) => all.input(spread(dy)),
    kernel: (dy) => all.kernel(spread(dy)),
  };
}

/** Dilation, whose gradients TensorFlow has not on a CPU: positions of one remainder become an example of their own. */
function dilated(tf: Tensors, op: Convolution, x: Tensor, kernel: Tensor): Convolved {
  const { dilation } = op;
  if (dilation === 1) return grouped(tf, op, x, kernel, around(op));
  const pad = ((op.kernel - 1) / 2) * dilation;
  const [, h, w] = x.shape as [number, number, number, number];
  const extra = [h, w].map((n) => (dilation - ((n + 2 * pad) % dilation)) % dilation) as [number, number];
  const blocks = tf.ints([dilation, dilation]);
  const pairs = (first: number, last: number) =>
    tf.op("Reshape", [tf.ints([first, last + extra[0], first, last + extra[1]]), tf.ints([2, 2])]);
  const [padding, rest] = [pairs(pad, pad), pairs(0, 0)];
  const apart = (from: Tensor, pads: Tensor) => tf.op("SpaceToBatchND", [from, blocks, pads]);
  const together = (from: Tensor, crops: Tensor) => tf.op("BatchToSpaceND", [from, blocks, crops]);
  const plain = grouped(tf, { ...op, dilation: 1 }, apart(x, padding), kernel, [text("padding", "VALID")]);
  return {
    value: together(plain.value, rest),
    input: (dy) => together(plain.input(apart(dy, rest)), padding),
    kernel: (dy) => plain.kernel(apart(dy, rest)),
  };
}

type Padding = readonly ReturnType<typeof text>[];

/** As many zeros on either side as the graph says; TensorFlow's own way is the same where nothing is strided. */
function around({ kernel, stride }: Convolution): Padding {
  const pad = (kernel - 1) / 2;
  if (pad === 0) return [text("padding", "VALID")];
  if (stride === 1) return [text("padding", "SAME")];
  return [text("padding", "EXPLICIT"), whole("explicit_paddings", [0, 0, pad, pad, pad, pad, 0, 0])];
}

/** Groups, which TensorFlow has not on a CPU, one after the other; depthwise is an operator of its own. */
function grouped(tf: Tensors, op: Convolution, x: Tensor, kernel: Tensor, padding: Padding): Convolved {
  const { groups, out, stride } = op;
  const channels = x.shape[3]!;
  const attributes = [whole("strides", [1, stride, stride, 1]), ...padding];
  if (groups === 1) return simple(tf, "Conv2D", x, kernel, attributes);
  if (groups === channels) {
    const shape = [op.kernel, op.kernel, channels, out / channels];
    const wide = tf.op("Reshape", [kernel, tf.ints(shape)]);
    const depthwise = simple(tf, "DepthwiseConv2dNative", x, wide, attributes);
    return {
      ...depthwise,
      kernel: (dy) => tf.op("Reshape", [depthwise.kernel(dy), tf.ints(kernel.shape)]),
    };
  }
  const split = (from: Tensor) => tf.ops("Split", groups, [tf.int(3), from], whole("num_split", groups));
  const kernels = split(kernel);
  const each = split(x).map((part, i) => simple(tf, "Conv2D", part, kernels[i]!, attributes));
  return {
    value: joined(
      tf,
      each.map(({ value }) => value),
    ),
    input(dy) {
      const parts = split(dy);
      return joined(
        tf,
        each.map((one, i) => one.input(parts[i]!)),
      );
    },
    kernel(dy) {
      const parts = split(dy);
      return joined(
        tf,
        each.map((one, i) => one.kernel(parts[i]!)),
      );
    },
  };
}

function simple(
  tf: Tensors,
  name: "Conv2D" | "DepthwiseConv2dNative",
  x: Tensor,
  kernel: Tensor,
  attributes: Padding,
): Convolved {
  return {
    value: tf.op(name, [x, kernel], ...attributes),
    input: (dy) => tf.op(`${name}BackpropInput`, [tf.ints(x.shape), kernel, dy], ...attributes),
    kernel: (dy) => tf.op(`${name}BackpropFilter`, [x, tf.ints(kernel.shape), dy], ...attributes),
  };
}
