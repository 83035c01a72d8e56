import type { Activation } from "../../../graph/op.js";
import { normalBelow, normalDensity } from "../erf.js";
import type { Operator } from "../operator.js";
import { map } from "../tensor.js";

/** An activation and its derivative. */
interface Curve {
  value(x: number): number;
  slope(x: number): number;
}

const clamp6 = (x: number) => Math.min(Math.max(x, 0), 6);
const inside6 = (x: number) => (x > 0 && x < 6 ? 1 : 0);
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const logisticSlope = (x: number) => logistic(x) * logistic(-x);

/** Where a curve has a corner its slope is that of the flat side. */
export const curves: { readonly [A in Activation]: Curve } = {
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { value: clamp6, slope: inside6 },
  "hard-swish": {
    value: (x) => (x * clamp6(x + 3)) / 6,
    slope: (x) => (clamp6(x + 3) + x * inside6(x + 3)) / 6,
  },
  "hard-sigmoid": { value: (x) => clamp6(x + 3) / 6, slope: (x) => inside6(x + 3) / 6 },
  gelu: { value: (x) => x * normalBelow(x), slope: (x) => normalBelow(x) + x * normalDensity(x) },
  silu: { value: (x) => x * logistic(x), slope: (x) => logistic(x) + x * logisticSlope(x) },
  sigmoid: { value: logistic, slope: logisticSlope },
};

/** An activation, number by number. */
export const act: Operator<"act"> = ({ fn }, { inputs: [x] }) => ({
  value: map(x!, curves[fn].value),
  back: (dy) => ({ inputs: [map(dy, (d, i) => d * curves[fn].slope(x!.data[i]!))], weights: {} }),
});
