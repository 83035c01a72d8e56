import type { OpOf } from "../../../graph/op.js";
import type { Call, Operator } from "../operator.js";
import { depthwise } from "./depthwise.js";
import { liveTaps } from "./liveTaps.js";
import { pointwise } from "./pointwise.js";
import { windows } from "./windows.js";
import { winograd } from "./winograd.js";

/** Channels from which Winograd's basis pays for the way there and back. */
const fewest = 12;

function way(op: OpOf<"conv">, { inputs }: Call): Operator<"conv"> {
  const { stride, groups, out } = op;
  const { shape } = inputs[0]!;
  if (groups > 1 && groups === out && groups === shape[0]) return depthwise;
  if (stride > 1 || groups > 1) return windows;
  const { taps } = liveTaps(op, shape);
  if (taps.length === 1) return pointwise;
  const dense3x3 = op.kernel === 3 && op.dilation === 1 && taps.length === 9;
  return dense3x3 && Math.min(out, shape[0]) >= fewest ? winograd : windows;
}

/** A convolution, the way that suits its form. */
export const conv: Operator<"conv"> = {
  forward: (op, call) => way(op, call).forward(op, call),
  backward: (op, call) => way(op, call).backward(op, call),
};
