import { shippedSpace } from "../load.js";

/** Layers, filters, stride and activation of each stage of TF-NAS, which fixes all four. */
const macro = [
  [2, 24, 2, "relu"],
  [3, 40, 2, "silu"],
  [4, 80, 2, "silu"],
  [4, 112, 1, "silu"],
  [4, 192, 2, "silu"],
  [1, 320, 1, "silu"],
] as const;

const layers = macro.flatMap(([count, width, stride, act]) =>
  Array.from({ length: count }, (_, i) => ({
    width,
    stride: i === 0 ? stride : 1,
    act,
    mayBeSkipped: i > 0,
  })),
);

const blocks = [{ "inverted-residual": { kernel: [3, 5], expand: [1, 2, 3, 4, 6] } }];

/**
 * TF-NAS's layers without squeeze-excite: 18 that each choose kernel 3 or 5 and expansion 1, 2, 3, 4
 * or 6; those that keep their shape may be skipped. The authors' space has expansions 3 and 6 with or
 * without squeeze-excite, and searches widths between; their stem ends in a block with squeeze-excite.
 *
 * paper  Hu et al. 2020, TF-NAS, arXiv:2008.05314, table 1
 */
export const tfnas = shippedSpace(
  {
    version: 1,
    name: "tfnas",
    title: "18 layers of inverted residuals, as TF-NAS timed them",
    resolution: 224,
    classes: 1000,
    act: "silu",
    stem: [{ width: 32, kernel: 3, stride: 2 }],
    stages: [
      {
        name: "stem2",
        stride: 1,
        depth: 1,
        width: 16,
        act: "relu",
        blocks: [{ "inverted-residual": { kernel: 3, expand: 1 } }],
      },
      ...layers.map(({ mayBeSkipped, ...layer }, i) => ({
        name: `layer${i + 1}`,
        depth: 1,
        ...layer,
        blocks: mayBeSkipped ? [...blocks, { skip: null }] : blocks,
      })),
    ],
    head: { width: 1280, order: "conv-pool" },
    proxy: { dropStrides: 2, width: 0.375 },
  },
  "tfnas",
);
