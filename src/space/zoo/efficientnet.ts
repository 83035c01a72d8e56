import { round8 } from "../block.js";
import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "silu";

const source =
  "Tan and Le 2019, arXiv:1905.11946, table 1; huggingface/pytorch-image-models timm/models/efficientnet.py";

const layer = inverted({ act, squeeze: (_, cin) => ({ reduced: cin / 4, act: "silu", gate: "sigmoid" }) });

/** Channels, kernel, expansion, stride and layers of B0's stages. */
const b0 = [
  [16, 3, 1, 1, 1],
  [24, 3, 6, 2, 2],
  [40, 5, 6, 2, 2],
  [80, 3, 6, 2, 3],
  [112, 5, 6, 1, 3],
  [192, 5, 6, 2, 4],
  [320, 3, 6, 1, 1],
] as const;

/** B0 with its channels and layers multiplied. */
export function efficientnet(resolution: number, width: number, depth: number) {
  const table = b0
    .map(([o, k, e, s, n]) => `o${round8(o * width)} se: k${k} e${e} s${s} n${Math.ceil(n * depth)}`)
    .join("\n");
  const x = stages(stem(resolution, { width: round8(32 * width), act }), table, layer);
  return head(x, { width: round8(1280 * width), act });
}

export const efficientnet_b0: ZooEntry = {
  title: "EfficientNet-B0",
  resolution: 224,
  source,
  published: {
    params: 5.29e6,
    top1: 0.771,
    source: "tensorflow/tpu models/official/efficientnet/README.md; params from timm's results-imagenet.csv",
  },
  build: () => efficientnet(224, 1, 1),
};

export const efficientnet_b1: ZooEntry = {
  title: "EfficientNet-B1",
  resolution: 240,
  source,
  published: { params: 7.8e6, macs: 0.7e9, top1: 0.791, source: "Tan and Le 2019, table 2" },
  build: () => efficientnet(240, 1, 1.1),
};

export const efficientnet_b2: ZooEntry = {
  title: "EfficientNet-B2",
  resolution: 260,
  source,
  published: { params: 9.2e6, macs: 1.0e9, top1: 0.801, source: "Tan and Le 2019, table 2" },
  build: () => efficientnet(260, 1.1, 1.2),
};
