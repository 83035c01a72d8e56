import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu";

const source =
  "Wu et al. 2019, arXiv:1812.03443; facebookresearch/mobile-vision mobile_cv/arch/fbnet_v2/fbnet_modeldef_cls_fbnet.py";
const figures = "facebookresearch/mobile-vision mobile_cv/model_zoo/models/model_info/fbnet_v2";

const network = (table: string, { last, bias }: { last: number; bias: boolean }) =>
  head(stages(stem(224, { width: 16, act, bias }), table, inverted({ act, bias })), {
    width: last,
    act,
    bias,
  });

export const fbnet_a: ZooEntry = {
  title: "FBNet-A",
  resolution: 224,
  source,
  published: { params: 4.27029e6, macs: 0.24452636e9, top1: 0.73298, source: figures },
  build: () =>
    network(
      `
      o16: skip
      o24: k3 e3 s2 | k3 e1 | skip n2
      o32: k5 e6 s2 | k3 e3 | k5 e1 | k3 e3
      o64: k5 e6 s2 | k5 e3 | k5 e1 g2 | k5 e6
      o112: k3 e6 | k5 e1 g2 | k5 e3 | k3 e1 g2
      o184: k5 e6 s2 n2 | k5 e3 | k5 e6
      o352: k5 e6
      `,
      { last: 1504, bias: true },
    ),
};

export const fbnet_b: ZooEntry = {
  title: "FBNet-B",
  resolution: 224,
  source,
  build: () =>
    network(
      `
      o16: k3 e1
      o24: k3 e6 s2 | k5 e1 | k3 e1 n2
      o32: k5 e6 s2 | k5 e3 | k3 e6 | k5 e6
      o64: k5 e6 s2 n2 | skip | k5 e3
      o112: k5 e6 | k3 e1 | k5 e1 | k5 e3
      o184: k5 e6 s2 | k5 e1 | k5 e6 n2
      o352: k3 e6
      `,
      { last: 1984, bias: true },
    ),
};

export const fbnet_c: ZooEntry = {
  title: "FBNet-C",
  resolution: 224,
  source,
  published: { params: 5.52542e6, macs: 0.37823344e9, top1: 0.752499, source: figures },
  build: () =>
    network(
      `
      o16: k3 e1
      o24: k3 e6 s2 | skip | k3 e1 n2
      o32: k5 e6 s2 | k5 e3 | k5 e6 | k3 e6
      o64: k5 e6 s2 | k5 e3 | k5 e6 n2
      o112: k5 e6 n3 | k5 e3
      o184: k5 e6 s2 n4
      o352: k3 e6
      `,
      { last: 1984, bias: true },
    ),
};

/** No biases, and a widening convolution even where the expansion is 1. */
export const fbnet_c_timm: ZooEntry = {
  title: "FBNet-C as timm has it",
  resolution: 224,
  source: "huggingface/pytorch-image-models timm/models/efficientnet.py fbnetc_100",
  published: {
    params: 5.5e6,
    macs: 0.383e9,
    top1: 0.749,
    source: "facebookresearch/mobile-vision README.md, Caffe2 table",
  },
  build: () =>
    network(
      `
      o16: k3 e1 pw
      o24: k3 e6 s2 | k3 e1 pw n2
      o32: k5 e6 s2 | k5 e3 | k5 e6 | k3 e6
      o64: k5 e6 s2 | k5 e3 | k5 e6 n2
      o112: k5 e6 n3 | k5 e3
      o184: k5 e6 s2 n4
      o352: k3 e6
      `,
      { last: 1984, bias: false },
    ),
};
