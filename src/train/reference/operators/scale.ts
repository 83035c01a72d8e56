import type { Operator } from "../operator.js";
import { map } from "../tensor.js";

/** Each channel times its factor (layer scale; Touvron et al. 2021, arXiv:2103.17239, §2). */
export const scale: Operator<"scale"> = (_, { inputs: [x], weights }) => {
  const factor = weights.factor!;
  const c = factor.length;
  return {
    value: map(x!, (v, i) => v * factor[i % c]!),
    back(dy) {
      const dFactor = new Float64Array(c);
      dy.data.forEach((d, i) => {
        dFactor[i % c]! += d * x!.data[i]!;
      });
      return { inputs: [map(dy, (d, i) => d * factor[i % c]!)], weights: { factor: dFactor } };
    },
  };
};
