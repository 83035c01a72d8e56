import { readSpace } from "../../../src/space/load.js";

/** 3 stages of 4 candidates each: 64 networks, some without a layer in the middle. */
export const small = readSpace(
  {
    version: 1,
    name: "small",
    resolution: 128,
    classes: 10,
    act: "relu",
    stem: [{ width: 16, kernel: 3, stride: 2 }],
    stages: [
      {
        name: "a",
        stride: 2,
        depth: 1,
        width: 24,
        blocks: [{ "inverted-residual": { kernel: [3, 5], expand: [2, 6], attention: "none" } }],
      },
      {
        name: "b",
        stride: 1,
        depth: 1,
        width: 24,
        blocks: [
          { skip: null },
          { "inverted-residual": { kernel: [3, 7], expand: [4], attention: "none" } },
          { "fused-inverted-residual": { kernel: 3, expand: 4 } },
        ],
      },
      {
        name: "c",
        stride: 2,
        depth: 1,
        width: 48,
        blocks: [{ "inverted-residual": { kernel: [3, 5], expand: [2, 6], attention: "none" } }],
      },
    ],
    head: { width: 96, order: "pool-conv" },
    proxy: { dropStrides: 0, width: 1 },
  },
  "small",
);

/** Depths with 0, widths, several blocks: 3 stages whose latency hangs on the width before. */
export const uneven = readSpace(
  {
    version: 1,
    name: "uneven",
    resolution: 64,
    classes: 10,
    act: "gelu",
    stem: [{ width: 8, kernel: 3, stride: 2 }],
    stages: [
      {
        name: "a",
        stride: 2,
        depth: [1, 2],
        width: [16, 24],
        blocks: [
          { "inverted-residual": { kernel: [3, 5], expand: [1, 2], attention: ["none", "squeeze-excite"] } },
        ],
      },
      {
        name: "b",
        stride: 1,
        depth: [0, 1],
        width: "same",
        blocks: [
          { "multi-level-dilated": { levels: [[2], [2, 3]], kernel: [3], expand: [2], attention: "none" } },
        ],
      },
      {
        name: "c",
        stride: 2,
        depth: 1,
        width: [24, 32],
        downsample: "conv",
        blocks: [{ "inverted-residual": { kernel: 3, expand: [2, 3], attention: "none" } }],
      },
    ],
    head: { width: 32, order: "conv-pool" },
    proxy: { dropStrides: 0, width: 1 },
  },
  "uneven",
);

/** Single-Path NAS' own cases: kernel 3 or 5, expansion 3 or 6, and a layer that may be skipped. */
export const cases = readSpace(
  {
    version: 1,
    name: "cases",
    resolution: 64,
    classes: 10,
    act: "gelu",
    stem: [{ width: 8, kernel: 3, stride: 2 }],
    stages: [
      {
        name: "a",
        stride: 2,
        depth: 1,
        width: 16,
        blocks: [{ "inverted-residual": { kernel: [3, 5], expand: [3, 6], attention: "none" } }],
      },
      {
        name: "b",
        stride: 1,
        depth: 1,
        width: 16,
        blocks: [
          { skip: null },
          { "inverted-residual": { kernel: [5, 3], expand: [6, 3], attention: "none" } },
        ],
      },
    ],
    head: { width: 32, order: "pool-conv" },
    proxy: { dropStrides: 0, width: 1 },
  },
  "cases",
);

/** Everything that holds smaller values, and some that do not: expansion 1, and expansions of grouped convolutions. */
export const shells = readSpace(
  {
    version: 1,
    name: "shells",
    resolution: 64,
    classes: 10,
    act: "gelu",
    stem: [{ width: 8, kernel: 3, stride: 2 }],
    stages: [
      {
        name: "a",
        stride: 2,
        depth: [1, 2],
        width: [8, 16],
        blocks: [
          {
            "inverted-residual": {
              kernel: [3, 5, 7],
              expand: [1, 3, 6],
              attention: ["none", "squeeze-excite"],
            },
          },
          { "fused-inverted-residual": { kernel: [5, 3], expand: [1, 2, 4], attention: "none" } },
          { "inverted-residual": { kernel: [3, 5], expand: [2, 3], groups: 2, attention: "none" } },
        ],
      },
      {
        name: "b",
        stride: 1,
        depth: [0, 1],
        width: "same",
        blocks: [
          {
            "multi-level-dilated": {
              levels: [[1], [1, 2]],
              kernel: [3, 7],
              expand: [2, 4],
              attention: ["none", "squeeze-excite", "mhsa"],
            },
          },
          { convolution: { kernel: [1, 3, 5] } },
        ],
      },
    ],
    head: { width: 16, order: "pool-conv" },
    proxy: { dropStrides: 0, width: 1 },
  },
  "shells",
);
