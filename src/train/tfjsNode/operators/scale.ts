import type { Operator } from "../operator.js";

/** Each channel times its factor. */
export const scale: Operator<"scale"> = (_, { tf, inputs: [x], weights: { factor } }) => ({
  value: tf.op("Mul", [x!, factor!]),
  back: (dy) => ({
    inputs: [tf.op("Mul", [dy, factor!])],
    weights: { factor: tf.op("Sum", [tf.op("Mul", [dy, x!]), tf.ints([0, 1, 2])]) },
  }),
});
