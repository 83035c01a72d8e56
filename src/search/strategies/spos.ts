import type { Sharing } from "../supernet/sharing.js";
import { supernetStrategy } from "../supernet/strategy.js";

/**
 * Single path one-shot: a supernet trained on paths drawn evenly, then evolution over the accuracies
 * networks have with its weights, their batch statistics counted anew for each. A step is of one
 * network, which costs least of all supernets, so there are twice as many epochs.
 *
 * paper  Guo et al. 2019, arXiv:1904.00420; its 50 × 20 networks of evolution are 16 × 4 here
 */
export const spos = supernetStrategy({
  summary: "a supernet of evenly drawn paths, then evolution over inherited weights",
  defaults: { epochs: 32, population: 16, generations: 4, sharing: "slices", trust: 0 },
  supernet: ({ epochs, population, generations, sharing, trust }) => ({
    rule: {
      paths: "uniform",
      sharing: sharing as Sharing,
      ...{ epochs, warmUp: epochs, loss: "add-linear", rate: 0, branches: 1 },
    },
    derivation: { by: "evolution", population, generations },
    trust,
  }),
});
