import type { LatencyLoss } from "../supernet/latencyLoss.js";
import type { Sharing } from "../supernet/sharing.js";
import { supernetStrategy } from "../supernet/strategy.js";

/**
 * Differentiable search with one path at a time: weights learn on networks drawn by the architecture
 * parameters; these learn on held-out images from two candidates a stage, of which one is let through and then
 * the other, and from expected latency. The network derived is the likeliest within the limit.
 *
 * paper  Cai et al. 2019, ProxylessNAS, arXiv:1812.00332; `loss` add-linear or mul-log
 */
export const proxyless = supernetStrategy({
  summary: "gradient descent on binary gates of sampled paths and expected latency",
  defaults: {
    ...{ epochs: 16, "warm-up": 6, rate: 0.05 },
    ...{ loss: "add-linear", sharing: "slices", trust: 0 },
  },
  supernet: ({ epochs, "warm-up": warmUp, rate, loss, sharing, trust }) => ({
    rule: {
      paths: "binary",
      sharing: sharing as Sharing,
      ...{ epochs, warmUp, rate, branches: 1, loss: loss as LatencyLoss },
    },
    derivation: { by: "likeliest", compared: 16 },
    trust,
  }),
});
