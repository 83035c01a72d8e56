import { shippedSpace } from "../load.js";

const attention = ["none", "squeeze-excite", "mhsa", "additive", "graph"];
const local = { kernel: [3, 5, 7], expand: [2, 3, 4, 6], attention: ["none", "squeeze-excite"] };
const fused = { kernel: [3], expand: [2, 3, 4] };
const dilated = {
  levels: [[2], [3], [1, 2], [2, 3], [1, 2, 3], [2, 3, 4]],
  kernel: [5, 7],
  expand: [2, 3, 4],
  attention,
};
const global = { kernel: [3, 5, 7], expand: [2, 3, 4], attention };

/**
 * RapidNet's macro-architecture with its decisions open: where its stages are
 * inverted residuals and multi-level dilated blocks, which dilation levels,
 * which attention, kernels, expansion ratios, depths and widths.
 *
 * paper  Munir et al. 2025, RapidNet, arXiv:2412.10995; RapidNet-Ti's stages are among the choices
 */
export const rapidnet = shippedSpace(
  {
    version: 1,
    name: "rapidnet",
    title: "inverted residuals and multi-level dilated blocks, with a choice of attention",
    resolution: 224,
    classes: 1000,
    act: "gelu",
    stem: [
      { width: 16, kernel: 3, stride: 2 },
      { width: 32, kernel: 3, stride: 2 },
    ],
    stages: [
      {
        name: "stage1",
        stride: 1,
        depth: [1, 2, 3],
        width: [24, 32, 40, 48],
        blocks: [{ "inverted-residual": local }, { "fused-inverted-residual": fused }],
      },
      {
        name: "stage2",
        stride: 2,
        depth: [1, 2, 3],
        width: [48, 64, 80, 96],
        downsample: "conv",
        blocks: [{ "inverted-residual": local }, { "fused-inverted-residual": fused }],
      },
      {
        name: "stage3",
        stride: 2,
        depth: [2, 3, 4, 6, 8],
        width: [80, 96, 112, 128, 160],
        downsample: "conv",
        blocks: [{ "inverted-residual": local }],
      },
      {
        name: "stage3-mixer",
        stride: 1,
        depth: [0, 1, 2, 3],
        width: "same",
        blocks: [{ "multi-level-dilated": dilated }, { "inverted-residual": global }],
      },
      {
        name: "stage4",
        stride: 2,
        depth: [1, 2, 3],
        width: [160, 192, 224, 256, 320],
        downsample: "conv",
        blocks: [{ "inverted-residual": local }],
      },
      {
        name: "stage4-mixer",
        stride: 1,
        depth: [0, 1, 2, 3],
        width: "same",
        blocks: [{ "multi-level-dilated": dilated }, { "inverted-residual": global }],
      },
    ],
    head: { width: 512, order: "pool-conv" },
    proxy: { dropStrides: 1, width: 0.375 },
  },
  "rapidnet",
);
