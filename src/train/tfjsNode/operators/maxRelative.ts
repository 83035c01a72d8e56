import type { Operator } from "../operator.js";
import type { Tensor } from "../tensors.js";

/** Max-relative features: how far each number stands above the lowest it is linked to, or 0. */
export const maxRelative: Operator<"maxRelative"> = ({ step }, { tf, inputs: [x] }) => {
  const [, h, w] = x!.shape as [number, number, number, number];
  const shifts = [
    ...steps(step, h).map((by) => ({ by, axis: 1 })),
    ...steps(step, w).map((by) => ({ by, axis: 2 })),
  ];
  const roll = (from: Tensor, by: number, axis: number) =>
    tf.op("Roll", [from, tf.ints([by]), tf.ints([axis])]);
  const zeros = tf.op("ZerosLike", [x!]);
  let lowest = x!;
  /** Which shift the lowest came by, counted from 1; 0 is the number itself. */
  let from = zeros;
  shifts.forEach(({ by, axis }, i) => {
    const other = roll(x!, by, axis);
    const lower = tf.op("Less", [other, lowest]);
    lowest = tf.op("SelectV2", [lower, other, lowest]);
    from = tf.op("SelectV2", [lower, tf.number(i + 1), from]);
  });
  return {
    value: tf.op("Sub", [x!, lowest]),
    back(dy) {
      const gone = (i: number) => tf.op("SelectV2", [tf.op("Equal", [from, tf.number(i)]), dy, zeros]);
      const dx = shifts.reduce(
        (sum, { by, axis }, i) => tf.op("Sub", [sum, roll(gone(i + 1), -by, axis)]),
        tf.op("Sub", [dy, gone(0)]),
      );
      return { inputs: [dx] };
    },
  };
};

/** step, 2·step, ... below the size. */
const steps = (step: number, size: number): readonly number[] =>
  Array.from({ length: Math.ceil(size / step) - 1 }, (_, i) => (i + 1) * step);
