import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu6";

const source =
  "Sandler et al. 2018, arXiv:1801.04381, table 2; huggingface/pytorch-image-models timm/models/efficientnet.py";

const network = (first: number, table: string, last: number) =>
  head(stages(stem(224, { width: first, act }), table, inverted({ act })), { width: last, act });

export const mobilenet_v2_x1_0: ZooEntry = {
  title: "MobileNetV2 1.0",
  resolution: 224,
  source,
  published: {
    params: 3.47e6,
    macs: 0.3e9,
    top1: 0.718,
    source: "tensorflow/models research/slim/nets/mobilenet/README.md",
  },
  build: () =>
    network(
      32,
      `
      o16: k3 e1
      o24: k3 e6 s2 n2
      o32: k3 e6 s2 n3
      o64: k3 e6 s2 n4
      o96: k3 e6 n3
      o160: k3 e6 s2 n3
      o320: k3 e6
      `,
      1280,
    ),
};

export const mobilenet_v2_x1_4: ZooEntry = {
  title: "MobileNetV2 1.4",
  resolution: 224,
  source,
  build: () =>
    network(
      48,
      `
      o24: k3 e1
      o32: k3 e6 s2 n2
      o48: k3 e6 s2 n3
      o88: k3 e6 s2 n4
      o136: k3 e6 n3
      o224: k3 e6 s2 n3
      o448: k3 e6
      `,
      1792,
    ),
};
