import { kernelGradients } from "../kernelGradients.js";
import type { ZeroCostProxy } from "../proxy.js";

/**
 * How much the loss minds that a connection is there: |w · dL/dw|, summed over all kernels.
 *
 * paper  Lee et al. 2019, SNIP, arXiv:1810.02340
 */
export const snip: ZeroCostProxy = {
  summary: "kernels times their gradients",
  async score(out, look) {
    const layers = await kernelGradients(out, look);
    return layers.reduce(
      (all, { kernel, gradient }) => all + gradient.reduce((sum, g, i) => sum + Math.abs(g * kernel[i]!), 0),
      0,
    );
  },
};
