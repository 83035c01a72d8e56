import { shippedSpace } from "../load.js";

/** Layers, channels out, and stride of the first layer. */
const macro = [
  [1, 16, 1],
  [4, 24, 2],
  [4, 32, 2],
  [4, 64, 2],
  [4, 112, 1],
  [4, 184, 2],
  [1, 352, 1],
] as const;

const layers = macro.flatMap(([count, width, stride]) =>
  Array.from({ length: count }, (_, i) => ({ width, stride: i === 0 ? stride : 1 })),
);

/**
 * FBNet's space: 22 layers that each choose one of 9 operators: kernel 3 or 5 with
 * expansion 1, 1 with two groups, 3 or 6, and skip; 9^22 networks.
 *
 * paper  Wu et al. 2019, arXiv:1812.03443, §3.1
 */
export const fbnet = shippedSpace(
  {
    version: 1,
    name: "fbnet",
    title: "22 layers of 9 operators, as FBNet searched them",
    resolution: 224,
    classes: 1000,
    act: "relu",
    stem: [{ width: 16, kernel: 3, stride: 2 }],
    stages: layers.map(({ width, stride }, i) => ({
      name: `layer${i + 1}`,
      stride,
      depth: 1,
      width,
      blocks: [
        { "inverted-residual": { kernel: [3, 5], expand: 1, groups: [1, 2] } },
        { "inverted-residual": { kernel: [3, 5], expand: [3, 6], groups: 1 } },
        { skip: null },
      ],
    })),
    head: { width: 1984, order: "conv-pool" },
    proxy: { dropStrides: 2, width: 0.375 },
  },
  "fbnet",
);
