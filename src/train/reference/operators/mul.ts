import type { Operator } from "../operator.js";
import { map, zeros } from "../tensor.js";

/** The first input times a gate; where the gate has one channel, row or column it counts for all. */
export const mul: Operator<"mul"> = (_, { inputs: [x, gate] }) => {
  const [c, h, w] = x!.shape;
  const [gc, gh, gw] = gate!.shape;
  const gateAt = (at: number) => {
    const channel = at % c;
    const column = Math.floor(at / c) % w;
    const row = Math.floor(at / c / w) % h;
    const example = Math.floor(at / c / w / h);
    return ((example * gh + (row % gh)) * gw + (column % gw)) * gc + (channel % gc);
  };
  return {
    value: map(x!, (v, i) => v * gate!.data[gateAt(i)]!),
    back(dy) {
      const dGate = zeros(gate!.count, gate!.shape);
      dy.data.forEach((d, i) => {
        dGate.data[gateAt(i)]! += d * x!.data[i]!;
      });
      return { inputs: [map(dy, (d, i) => d * gate!.data[gateAt(i)]!), dGate], weights: {} };
    },
  };
};
