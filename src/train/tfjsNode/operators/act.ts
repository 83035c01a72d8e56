import type { Activation } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import type { Tensor, Tensors } from "../tensors.js";

interface Activated {
  readonly value: Tensor;
  back(dy: Tensor): Tensor;
}

/** Every activation by the fewest passes that TensorFlow's operators allow. */
const activated: Readonly<Record<Activation, (tf: Tensors, x: Tensor) => Activated>> = {
  relu: (tf, x) => ({ value: tf.op("Relu", [x]), back: (dy) => tf.op("ReluGrad", [dy, x]) }),

  relu6: (tf, x) => ({ value: tf.op("Relu6", [x]), back: (dy) => tf.op("Relu6Grad", [dy, x]) }),

  sigmoid(tf, x) {
    const value = tf.op("Sigmoid", [x]);
    return { value, back: (dy) => tf.op("SigmoidGrad", [value, dy]) };
  },

  "hard-sigmoid"(tf, x) {
    const shifted = tf.op("AddV2", [x, tf.number(3)]);
    const sixth = tf.number(1 / 6);
    return {
      value: tf.op("Mul", [tf.op("Relu6", [shifted]), sixth]),
      back: (dy) => tf.op("Relu6Grad", [tf.op("Mul", [dy, sixth]), shifted]),
    };
  },

  "hard-swish"(tf, x) {
    const gate = activated["hard-sigmoid"](tf, x);
    return {
      value: tf.op("Mul", [x, gate.value]),
      back: (dy) => tf.op("AddV2", [tf.op("Mul", [dy, gate.value]), gate.back(tf.op("Mul", [dy, x]))]),
    };
  },

  silu(tf, x) {
    const share = tf.op("Sigmoid", [x]);
    return {
      value: tf.op("Mul", [x, share]),
      back: (dy) =>
        tf.op("AddV2", [tf.op("Mul", [dy, share]), tf.op("SigmoidGrad", [share, tf.op("Mul", [dy, x])])]),
    };
  },

  gelu(tf, x) {
    const half = tf.number(0.5);
    const erf = tf.op("Erf", [tf.op("Mul", [x, tf.number(Math.SQRT1_2)])]);
    const below = tf.op("AddV2", [tf.op("Mul", [erf, half]), half]);
    return {
      value: tf.op("Mul", [x, below]),
      back(dy) {
        const bell = tf.op("Exp", [tf.op("Mul", [tf.op("Square", [x]), tf.number(-0.5)])]);
        const density = tf.op("Mul", [bell, tf.number(1 / Math.sqrt(2 * Math.PI))]);
        return tf.op("Mul", [dy, tf.op("AddV2", [below, tf.op("Mul", [x, density])])]);
      },
    };
  },
};

export const act: Operator<"act"> = ({ fn }, { tf, inputs: [x] }) => {
  const { value, back } = activated[fn](tf, x!);
  return { value, back: (dy) => ({ inputs: [back(dy)] }) };
};
