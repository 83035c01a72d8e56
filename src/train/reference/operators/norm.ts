import { normEpsilon } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import { map, positions, type Tensor } from "../tensor.js";

/**
 * Batch normalisation: by the batch's biased variance in training, by running
 * statistics otherwise.
 *
 * Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
 */
export const norm: Operator<"norm"> = (_, { inputs: [x], weights, training }) => {
  const { gamma, beta } = weights as { gamma: Float64Array; beta: Float64Array };
  const c = gamma.length;
  const n = positions(x!);
  const mean = training ? channelMeans(x!) : weights.mean!;
  const variance = training ? channelMeans(map(x!, (v, i) => (v - mean[i % c]!) ** 2)) : weights.variance!;
  const inverse = variance.map((v) => 1 / Math.sqrt(v + normEpsilon));
  const standard = map(x!, (v, i) => (v - mean[i % c]!) * inverse[i % c]!);
  return {
    value: map(standard, (v, i) => v * gamma[i % c]! + beta[i % c]!),
    back(dy) {
      const dGammaMean = channelMeans(map(dy, (d, i) => d * standard.data[i]!));
      const dBetaMean = channelMeans(dy);
      const dx = map(dy, (d, i) => {
        const batch = training ? dBetaMean[i % c]! + standard.data[i]! * dGammaMean[i % c]! : 0;
        return gamma[i % c]! * inverse[i % c]! * (d - batch);
      });
      return {
        inputs: [dx],
        weights: { gamma: dGammaMean.map((d) => d * n), beta: dBetaMean.map((d) => d * n) },
      };
    },
    ...(training && { statistics: { mean, variance: variance.map((v) => (v * n) / Math.max(n - 1, 1)) } }),
  };
};

/** Mean of each channel over all examples and positions. */
function channelMeans(x: Tensor): Float64Array {
  const c = x.shape[0];
  const sums = new Float64Array(c);
  x.data.forEach((v, i) => {
    sums[i % c]! += v;
  });
  return sums.map((sum) => sum / positions(x));
}
