import { kernelGradients } from "../kernelGradients.js";
import type { ZeroCostProxy } from "../proxy.js";

/**
 * Euclidean norms of the gradients of kernels, summed over the convolutions.
 *
 * paper  Abdelfattah et al. 2021, Zero-Cost Proxies for Lightweight NAS, arXiv:2101.08134
 */
export const gradNorm: ZeroCostProxy = {
  summary: "norms of the gradients of kernels",
  async score(out, look) {
    const norms = (await kernelGradients(out, look)).map(({ gradient }) =>
      Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)),
    );
    return norms.reduce((sum, norm) => sum + norm, 0);
  },
};
