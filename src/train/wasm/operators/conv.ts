import type { OpOf } from "../../../graph/op.js";
import type { Call, Operator } from "../operator.js";
import { depthwise } from "./depthwise.js";
import { pointwise } from "./pointwise.js";
import { windows } from "./windows.js";

function way({ kernel, stride, groups, out }: OpOf<"conv">, { inputs }: Call): Operator<"conv"> {
  if (groups > 1 && groups === out && groups === inputs[0]!.shape[0]) return depthwise;
  return kernel === 1 && stride === 1 && groups === 1 ? pointwise : windows;
}

/** A convolution, the way that suits its form. */
export const conv: Operator<"conv"> = {
  forward: (op, call) => way(op, call).forward(op, call),
  backward: (op, call) => way(op, call).backward(op, call),
};
