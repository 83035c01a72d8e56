import type { Applied, Call, Operator } from "../operator.js";
import { map } from "../tensor.js";

const weighted = ({ inputs }: Call, weight: number): Applied => ({
  value: map(inputs[0]!, (_, i) => inputs.reduce((sum, x) => sum + weight * x.data[i]!, 0)),
  back: (dy) => ({ inputs: inputs.map(() => map(dy, (d) => weight * d)), weights: {} }),
});

/** Sum of all inputs. */
export const add: Operator<"add"> = (_, call) => weighted(call, 1);

/** Mean of all inputs. */
export const average: Operator<"average"> = (_, call) => weighted(call, 1 / call.inputs.length);
