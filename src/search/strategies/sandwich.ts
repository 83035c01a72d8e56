import { supernetStrategy } from "../supernet/strategy.js";

/**
 * A slimmable supernet in the manner of Once-for-All: kernels, depths and widths are slices of the
 * largest; each step trains the largest network, the smallest and two drawn evenly, which learn what
 * the largest says (in-place distillation); then evolution over the accuracies networks inherit.
 *
 * paper  Yu & Huang 2019, arXiv:1903.05134 (the sandwich rule); Cai et al. 2020, arXiv:1908.09791
 */
export const sandwich = supernetStrategy({
  summary: "a supernet of nested networks taught by its largest, then evolution over inherited weights",
  defaults: { epochs: 12, population: 16, generations: 4, trust: 0 },
  supernet: ({ epochs, population, generations, trust }) => ({
    rule: {
      paths: "sandwich",
      sharing: "slices",
      ...{ epochs, warmUp: epochs, loss: "add-linear", rate: 0, branches: 1 },
    },
    derivation: { by: "evolution", population, generations },
    trust,
  }),
});
