import type { Settings } from "../../src/search/settings.js";
import type { Space } from "../../src/space/space.js";
import type { RunRecord } from "../../src/store/ledger.js";

/** A space whose networks the reference engine runs in a moment. */
export const tiny: Space = {
  name: "tiny",
  title: "for tests",
  resolution: 16,
  classes: 10,
  act: "relu",
  stem: [{ width: 8, kernel: 3, stride: 2 }],
  stages: [
    {
      name: "a",
      stride: 1,
      depth: [0, 1],
      width: "same",
      downsample: "block",
      options: [
        {
          block: "inverted-residual",
          choices: { kernel: [3, 5], expand: [2], dilation: [1], attention: ["none", "squeeze-excite"] },
        },
      ],
      act: "hard-swish",
    },
    {
      name: "b",
      stride: 2,
      depth: [1, 2],
      width: [16, 24],
      downsample: "block",
      options: [
        {
          block: "inverted-residual",
          choices: { kernel: [3], expand: [1, 2], dilation: [1], attention: ["none"] },
        },
      ],
      act: "relu6",
    },
  ],
  head: { width: 32, order: "conv-pool" },
  proxy: { dropStrides: 0, width: 1 },
};

export const settings: Settings = {
  meaning: {
    target: "iphone13-npu",
    targetModel: "abc",
    space: tiny,
    maxLatencyMs: 1.5,
    strategy: "aging",
    strategyOptions: { population: 8, tournament: 3 },
    seed: 7,
    ahead: 6,
    fidelity: { epochs: 3, images: 4000, batch: 64 },
    engine: "reference",
    data: { name: "synthetic", hash: "0a1b" },
  },
  budget: { trials: 3 },
  dataDir: null,
};

export const record: RunRecord = {
  name: "tiny-run",
  createdAt: "2026-01-01T00:00:00.000Z",
  version: "0.1.0",
  settings,
};

/** The second stage alone, with two layers. */
export const genome = "tiny:empty/inverted-residual,depth=2,width=24,expand=2";
