import type { LatencyLoss } from "../supernet/latencyLoss.js";
import { supernetStrategy } from "../supernet/strategy.js";

/**
 * Single-path search: every kernel is the largest, and holds the smaller ones, every expansion the widest; rings
 * of kernels and channels are kept where their norm is above a threshold. Thresholds, and architecture parameters
 * for what is not a kernel or an expansion, learn on held-out images as in `proxyless`, through the sigmoid
 * that each threshold stands for, and from expected latency. The network derived is the likeliest within the
 * limit.
 *
 * paper  Stamoulis et al. 2019, Single-Path NAS, arXiv:1904.02877
 */
export const singlePath = supernetStrategy({
  summary: "superkernels whose rings and channels are kept above trained thresholds, and expected latency",
  defaults: { epochs: 16, "warm-up": 10, rate: 0.05, loss: "add-linear", trust: 0 },
  supernet: ({ epochs, "warm-up": warmUp, rate, loss, trust }) => ({
    rule: {
      paths: "threshold",
      sharing: "slices",
      ...{ epochs, warmUp, rate, branches: 1, loss: loss as LatencyLoss },
    },
    derivation: { by: "likeliest", compared: 16 },
    trust,
  }),
});
