import { normEpsilon } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import { positions, zeros } from "../tensor.js";

/**
 * Layer normalisation: each position over its channels, by the biased variance.
 *
 * Source: Ba et al. 2016, arXiv:1607.06450.
 */
export const layerNorm: Operator<"layerNorm"> = (_, { inputs: [x], weights }) => {
  const { gamma, beta } = weights as { gamma: Float64Array; beta: Float64Array };
  const c = gamma.length;
  const y = zeros(x!.count, x!.shape);
  const standard = new Float64Array(y.data.length);
  const inverse = new Float64Array(positions(x!));
  for (let p = 0; p < inverse.length; p++) {
    const row = x!.data.subarray(p * c, (p + 1) * c);
    const mean = row.reduce((a, b) => a + b, 0) / c;
    inverse[p] = 1 / Math.sqrt(row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / c + normEpsilon);
    for (let i = 0; i < c; i++) {
      standard[p * c + i] = (row[i]! - mean) * inverse[p]!;
      y.data[p * c + i] = standard[p * c + i]! * gamma[i]! + beta[i]!;
    }
  }
  return {
    value: y,
    back(dy) {
      const dx = zeros(x!.count, x!.shape);
      const dGamma = new Float64Array(c);
      const dBeta = new Float64Array(c);
      for (let p = 0; p < inverse.length; p++) {
        let mean = 0;
        let meanTimesStandard = 0;
        for (let i = 0, at = p * c; i < c; i++, at++) {
          dGamma[i]! += dy.data[at]! * standard[at]!;
          dBeta[i]! += dy.data[at]!;
          mean += (dy.data[at]! * gamma[i]!) / c;
          meanTimesStandard += (dy.data[at]! * gamma[i]! * standard[at]!) / c;
        }
        for (let i = 0, at = p * c; i < c; i++, at++)
          dx.data[at] = inverse[p]! * (dy.data[at]! * gamma[i]! - mean - standard[at]! * meanTimesStandard);
      }
      return { inputs: [dx], weights: { gamma: dGamma, beta: dBeta } };
    },
  };
};
