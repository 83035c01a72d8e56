import { float32, whole } from "../attributes.js";
import type { Operator } from "../operator.js";
import type { Tensor, Tensors } from "../tensors.js";

/** Along channels. */
export const joined = (tf: Tensors, parts: readonly Tensor[]): Tensor =>
  tf.op("ConcatV2", [...parts, tf.ints([3])], float32("T"), whole("N", parts.length));

/** Channels of all inputs, one input after the other. */
export const concat: Operator<"concat"> = (_, { tf, inputs }) => ({
  value: joined(tf, inputs),
  back(dy) {
    let from = 0;
    return {
      inputs: inputs.map(({ shape }) => {
        const part = tf.op("Slice", [dy, tf.ints([0, 0, 0, from]), tf.ints(shape)]);
        from += shape[3]!;
        return part;
      }),
    };
  },
});

/** Channel shuffle: [groups, c / groups] transposed. */
export const shuffle: Operator<"shuffle"> = ({ groups }, { tf, inputs: [x] }) => {
  const [n, h, w, c] = x!.shape as [number, number, number, number];
  const swapped = (from: Tensor, parts: number) => {
    const split = tf.op("Reshape", [from, tf.ints([n * h * w, parts, c / parts])]);
    return tf.op("Reshape", [tf.op("Transpose", [split, tf.ints([0, 2, 1])]), tf.ints(x!.shape)]);
  };
  return { value: swapped(x!, groups), back: (dy) => ({ inputs: [swapped(dy, c / groups)] }) };
};
