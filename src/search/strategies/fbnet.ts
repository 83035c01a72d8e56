import type { LatencyLoss } from "../supernet/latencyLoss.js";
import type { Sharing } from "../supernet/sharing.js";
import { supernetStrategy } from "../supernet/strategy.js";

/**
 * Differentiable search with Gumbel-softmax mixtures: weights learn from four fifths of the images,
 * architecture parameters from the rest, by cross-entropy and expected latency together; the
 * temperature falls from 5 to 0.1. The network derived is the likeliest within the limit.
 *
 * paper  Wu et al. 2019, FBNet, arXiv:1812.03443; mixtures are of `branches` candidates a stage, drawn
 *        by the parameters, which is all of them where a stage has no more
 */
export const fbnet = supernetStrategy({
  summary: "gradient descent on Gumbel-softmax mixtures of candidates and expected latency",
  defaults: {
    ...{ epochs: 16, "warm-up": 6, branches: 2, rate: 0.05 },
    ...{ loss: "mul-power", sharing: "slices", trust: 0 },
  },
  supernet: ({ epochs, "warm-up": warmUp, branches, rate, loss, sharing, trust }) => ({
    rule: {
      paths: "gumbel",
      sharing: sharing as Sharing,
      ...{ epochs, warmUp, rate, branches, loss: loss as LatencyLoss },
    },
    derivation: { by: "likeliest", compared: 16 },
    trust,
  }),
});
