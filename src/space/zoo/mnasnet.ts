import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu";

const source =
  "Tan et al. 2019, arXiv:1807.11626, fig. 7; huggingface/pytorch-image-models timm/models/efficientnet.py";

const layer = inverted({ act, squeeze: (_, cin) => ({ reduced: cin / 4, act: "relu", gate: "sigmoid" }) });

const network = (table: string) =>
  head(stages(stem(224, { width: 32, act }), table, layer), { width: 1280, act });

export const mnasnet_a1: ZooEntry = {
  title: "MnasNet-A1",
  resolution: 224,
  source,
  published: {
    params: 3.9e6,
    macs: 0.312e9,
    top1: 0.752,
    source: "tensorflow/tpu models/official/mnasnet/README.md",
  },
  build: () =>
    network(`
      o16: k3 e1
      o24: k3 e6 s2 n2
      o40 se: k5 e3 s2 n3
      o80: k3 e6 s2 n4
      o112 se: k3 e6 n2
      o160 se: k5 e6 s2 n3
      o320: k3 e6
    `),
};

export const mnasnet_b1: ZooEntry = {
  title: "MnasNet-B1",
  resolution: 224,
  source,
  build: () =>
    network(`
      o16: k3 e1
      o24: k3 e3 s2 n3
      o40: k5 e3 s2 n3
      o80: k5 e6 s2 n3
      o96: k3 e6 n2
      o192: k5 e6 s2 n4
      o320: k3 e6
    `),
};
