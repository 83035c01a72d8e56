import { normEpsilon } from "../../../graph/op.js";
import { flag } from "../attributes.js";
import type { Operator } from "../operator.js";
import type { Tensor } from "../tensors.js";

/** Layer normalisation: each position over its channels. */
export const layerNorm: Operator<"layerNorm"> = (_, { tf, inputs: [x], weights }) => {
  const { gamma, beta } = weights as { gamma: Tensor; beta: Tensor };
  const mean = (of: Tensor) => tf.op("Mean", [of, tf.ints([3])], flag("keep_dims", true));
  const total = (of: Tensor) => tf.op("Sum", [of, tf.ints([0, 1, 2])]);
  const centred = tf.op("Sub", [x!, mean(x!)]);
  const variance = mean(tf.op("Square", [centred]));
  const inverse = tf.op("Rsqrt", [tf.op("AddV2", [variance, tf.number(normEpsilon)])]);
  const standard = tf.op("Mul", [centred, inverse]);
  return {
    value: tf.op("AddV2", [tf.op("Mul", [standard, gamma]), beta]),
    back(dy) {
      const d = tf.op("Mul", [dy, gamma]);
      const along = tf.op("Mul", [standard, mean(tf.op("Mul", [d, standard]))]);
      const dx = tf.op("Mul", [tf.op("Sub", [tf.op("Sub", [d, mean(d)]), along]), inverse]);
      return { inputs: [dx], weights: { gamma: total(tf.op("Mul", [dy, standard])), beta: total(dy) } };
    },
  };
};
