import { flag } from "../attributes.js";
import type { Operator } from "../operator.js";

/** The first input times a gate; where the gate has one channel, row or column it counts for all. */
export const mul: Operator<"mul"> = (_, { tf, inputs: [x, gate], wanted }) => ({
  value: tf.op("Mul", [x!, gate!]),
  back(dy) {
    const shared = [1, 2, 3].filter((axis) => gate!.shape[axis] === 1 && x!.shape[axis] !== 1);
    const gateGradient = () => {
      const full = tf.op("Mul", [dy, x!]);
      return shared.length === 0 ? full : tf.op("Sum", [full, tf.ints(shared)], flag("keep_dims", true));
    };
    return {
      inputs: [wanted[0] ? tf.op("Mul", [dy, gate!]) : undefined, wanted[1] ? gateGradient() : undefined],
    };
  },
});
