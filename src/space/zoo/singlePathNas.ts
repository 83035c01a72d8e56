import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu";

const table = `
  o16: k3 e1
  o24: k3 e3 s2 n3
  o40: k5 e6 s2 | k3 e3 n3
  o80: k5 e6 s2 | k3 e3 n3
  o96: k5 e6 | k5 e3 n3
  o192: k5 e6 s2 n4
  o320: k3 e6
`;

export const single_path_nas: ZooEntry = {
  title: "Single-Path NAS",
  resolution: 224,
  source:
    "Stamoulis et al. 2019, arXiv:1904.02877; huggingface/pytorch-image-models timm/models/efficientnet.py spnasnet_100",
  published: { top1: 0.7496, source: "arXiv:1904.02877, abstract" },
  build: () => head(stages(stem(224, { width: 32, act }), table, inverted({ act })), { width: 1280, act }),
};
