import type { Applied, Call, Operator } from "../operator.js";

/** Sum of all inputs. */
export const add: Operator<"add"> = (_, { tf, inputs }) => ({
  value: inputs.slice(1).reduce((sum, x) => tf.op("AddV2", [sum, x]), inputs[0]!),
  back: (dy) => ({ inputs: inputs.map(() => tf.op("Identity", [dy])) }),
});

/** Mean of all inputs. */
export const average: Operator<"average"> = (_, call: Call): Applied => {
  const { tf, inputs } = call;
  const share = tf.number(1 / inputs.length);
  const sum = add({ kind: "add" }, call);
  return {
    value: tf.op("Mul", [sum.value, share]),
    back: (dy) => ({ inputs: inputs.map(() => tf.op("Mul", [dy, share])) }),
  };
};
