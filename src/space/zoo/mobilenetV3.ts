import type { ZooEntry } from "./entry.js";
import { efficientHead, inverted, quarter, stem } from "./layers.js";
import { stages } from "./table.js";

const source =
  "Howard et al. 2019, arXiv:1905.02244, tables 1 and 2; huggingface/pytorch-image-models timm/models/mobilenetv3.py";

const network = (table: string, wide: number, width: number) => {
  const x = stem(224, { width: 16, act: "hard-swish" });
  return efficientHead(stages(x, table, inverted({ act: "relu", squeeze: quarter })), { wide, width });
};

export const mobilenet_v3_large: ZooEntry = {
  title: "MobileNetV3-Large",
  resolution: 224,
  source,
  published: {
    params: 5.4e6,
    macs: 0.217e9,
    top1: 0.752,
    source: "tensorflow/models research/slim/nets/mobilenet/README.md",
  },
  build: () =>
    network(
      `
      o16: k3 e1
      o24: k3 e4 s2 | k3 e3
      o40 se: k5 e3 s2 n3
      o80 hs: k3 e6 s2 | k3 e2.5 | k3 e2.3 n2
      o112 se hs: k3 e6 n2
      o160 se hs: k5 e6 s2 n3
      `,
      960,
      1280,
    ),
};

export const mobilenet_v3_large_0_75: ZooEntry = {
  title: "MobileNetV3-Large 0.75",
  resolution: 224,
  source,
  published: { params: 4.0e6, macs: 0.155e9, top1: 0.733, source: "Howard et al. 2019, table 3" },
  build: () =>
    network(
      `
      o16: k3 e1
      o24: k3 e4 s2 | k3 e3
      o32 se: k5 e3 s2 n3
      o64 hs: k3 e6 s2 | k3 e2.5 | k3 e2.3 n2
      o88 se hs: k3 e6 n2
      o120 se hs: k5 e6 s2 n3
      `,
      720,
      1280,
    ),
};

export const mobilenet_v3_small: ZooEntry = {
  title: "MobileNetV3-Small",
  resolution: 224,
  source,
  build: () =>
    network(
      `
      o16 se: k3 e1 s2
      o24: k3 e4.5 s2 | k3 e3.67
      o40 se hs: k5 e4 s2 | k5 e6 n2
      o48 se hs: k5 e3 n2
      o96 se hs: k5 e6 s2 n3
      `,
      576,
      1024,
    ),
};
