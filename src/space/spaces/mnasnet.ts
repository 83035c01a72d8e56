import { shippedSpace } from "../load.js";

/** Repeats, filters and stride of MobileNetV2, which every stage varies. */
const base = [
  [1, 16, 1],
  [2, 24, 2],
  [3, 32, 2],
  [4, 64, 2],
  [3, 96, 1],
  [3, 160, 2],
  [1, 320, 1],
] as const;

const round8 = (n: number) => Math.round(n / 8) * 8;

/**
 * MnasNet's space: seven stages; each varies MobileNetV2's repeats by -1, 0, +1 and its
 * filters by ×0.75, 1, 1.25, and chooses a plain or an inverted residual (expansion 1 is the
 * depthwise separable) convolution, kernel 3 or 5, and squeeze-excite or none. Residuals
 * stand where shapes allow; pooling skips are not in it.
 *
 * paper  Tan et al. 2019, arXiv:1807.11626, §4.1
 */
export const mnasnet = shippedSpace(
  {
    version: 1,
    name: "mnasnet",
    title: "seven stages around MobileNetV2, as MnasNet searched them",
    resolution: 224,
    classes: 1000,
    act: "relu",
    stem: [{ width: 32, kernel: 3, stride: 2 }],
    stages: base.map(([repeats, filters, stride], i) => ({
      name: `stage${i + 1}`,
      stride,
      depth: [repeats - 1, repeats, repeats + 1].filter((d) => d > 0),
      width: [...new Set([0.75, 1, 1.25].map((factor) => round8(filters * factor)))],
      blocks: [
        { convolution: { kernel: [3, 5] } },
        { "inverted-residual": { kernel: [3, 5], expand: [1, 3, 6], attention: ["none", "squeeze-excite"] } },
      ],
    })),
    head: { width: 1280, order: "conv-pool" },
    proxy: { dropStrides: 2, width: 0.375 },
  },
  "mnasnet",
);
