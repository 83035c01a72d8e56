import type { OpOf } from "../../../graph/op.js";
import type { Call, Operator } from "../operator.js";
import { depthwise } from "./depthwise.js";
import { liveTaps } from "./liveTaps.js";
import { pointwise } from "./pointwise.js";
import { windows } from "./windows.js";

function way(op: OpOf<"conv">, { inputs }: Call): Operator<"conv"> {
  const { stride, groups, out } = op;
  const { shape } = inputs[0]!;
  if (groups > 1 && groups === out && groups === shape[0]) return depthwise;
  return stride === 1 && groups === 1 && liveTaps(op, shape).taps.length === 1 ? pointwise : windows;
}

/** A convolution, the way that suits its form. */
export const conv: Operator<"conv"> = {
  forward: (op, call) => way(op, call).forward(op, call),
  backward: (op, call) => way(op, call).backward(op, call),
};
