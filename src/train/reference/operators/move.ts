import type { Shape } from "../../../graph/op.js";
import type { Applied, Call, Operator } from "../operator.js";
import { positions, zeros } from "../tensor.js";

/** Channels of all inputs, one input after the other. */
export const concat: Operator<"concat"> = (_, call) => {
  const starts = call.inputs.map((_, k) => call.inputs.slice(0, k).reduce((sum, x) => sum + x.shape[0], 0));
  return moved(call, (k, channel) => starts[k]! + channel);
};

/** Channel shuffle: [groups, c / groups] transposed (Zhang et al. 2018, arXiv:1707.01083, §3.1). */
export const shuffle: Operator<"shuffle"> = ({ groups }, call) => {
  const each = call.shape[0] / groups;
  return moved(call, (_, channel) => (channel % each) * groups + Math.floor(channel / each));
};

/** Put channel `channel` of input k at `to(k, channel)`. */
function moved({ inputs, shape }: Call, to: (k: number, channel: number) => number): Applied {
  const value = zeros(inputs[0]!.count, shape);
  const at = (p: number, [c]: Shape, channel: number) => p * c + channel;
  const each = (visit: (k: number, from: number, to: number) => void) =>
    inputs.forEach((x, k) => {
      for (let p = 0; p < positions(x); p++)
        for (let channel = 0; channel < x.shape[0]; channel++)
          visit(k, at(p, x.shape, channel), at(p, shape, to(k, channel)));
    });
  each((k, from, to) => (value.data[to] = inputs[k]!.data[from]!));
  return {
    value,
    back(dy) {
      const dx = inputs.map((x) => zeros(x.count, x.shape));
      each((k, from, to) => (dx[k]!.data[from] = dy.data[to]!));
      return { inputs: dx, weights: {} };
    },
  };
}
