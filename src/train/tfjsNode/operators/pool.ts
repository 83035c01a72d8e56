import { flag, text, whole } from "../attributes.js";
import type { Operator } from "../operator.js";

/** Mean over all positions. */
export const globalPool: Operator<"globalPool"> = (_, { tf, inputs: [x] }) => {
  const [, h, w] = x!.shape;
  return {
    value: tf.op("Mean", [x!, tf.ints([1, 2])], flag("keep_dims", true)),
    back: (dy) => ({
      inputs: [tf.op("BroadcastTo", [tf.op("Mul", [dy, tf.number(1 / (h! * w!))]), tf.ints(x!.shape)])],
    }),
  };
};

/** Mean over kernel × kernel windows. */
export const avgPool: Operator<"avgPool"> = ({ kernel, stride }, { tf, inputs: [x] }) => {
  const attributes = [
    whole("ksize", [1, kernel, kernel, 1]),
    whole("strides", [1, stride, stride, 1]),
    text("padding", "VALID"),
  ];
  return {
    value: tf.op("AvgPool", [x!], ...attributes),
    back: (dy) => ({ inputs: [tf.op("AvgPoolGrad", [tf.ints(x!.shape), dy], ...attributes)] }),
  };
};
