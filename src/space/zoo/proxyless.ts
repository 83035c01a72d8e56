import type { ZooEntry } from "./entry.js";
import { head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu6";

const source =
  "Cai et al. 2019, arXiv:1812.00332; mit-han-lab/proxylessnas proxyless_nas/nas_modules.py and the configurations in han-cai/files proxylessnas";

const figures = "CFAndy/ProxylessNAS README.md";

const network = (first: number, table: string, last: number) =>
  head(stages(stem(224, { width: first, act }), table, inverted({ act })), { width: last, act });

export const proxyless_cpu: ZooEntry = {
  title: "ProxylessNAS, CPU",
  resolution: 224,
  source,
  build: () =>
    network(
      40,
      `
      o24: k3 e1
      o32: k3 e6 s2 | k3 e3 n3
      o48: k3 e6 s2 | k3 e3 n2 | k5 e3
      o88: k3 e6 s2 | skip n2 | k3 e3
      o104: k5 e6 | k3 e3 n3
      o216: k5 e6 s2 | k5 e3 n2 | k3 e3
      o360: k5 e6
      `,
      1432,
    ),
};

export const proxyless_gpu: ZooEntry = {
  title: "ProxylessNAS, GPU",
  resolution: 224,
  source,
  build: () =>
    network(
      40,
      `
      o24: k3 e1
      o32: k5 e3 s2 | skip n3
      o56: k7 e3 s2 | skip n2 | k3 e3
      o112: k7 e6 s2 | skip n2 | k5 e3
      o128: k5 e6 | skip | k3 e3 | k5 e3
      o256: k7 e6 s2 n3 | k5 e6
      o432: k7 e6
      `,
      1728,
    ),
};

export const proxyless_mobile: ZooEntry = {
  title: "ProxylessNAS, mobile",
  resolution: 224,
  source,
  published: { macs: 0.32e9, top1: 0.746, source: figures },
  build: () =>
    network(
      32,
      `
      o16: k3 e1
      o32: k5 e3 s2 | k3 e3 | skip n2
      o40: k7 e3 s2 | k3 e3 | k5 e3 n2
      o80: k7 e6 s2 | k5 e3 n3
      o96: k5 e6 | k5 e3 n3
      o192: k7 e6 s2 n2 | k7 e3 n2
      o320: k7 e6
      `,
      1280,
    ),
};

export const proxyless_mobile_14: ZooEntry = {
  title: "ProxylessNAS, mobile 1.4",
  resolution: 224,
  source,
  published: { macs: 0.581e9, top1: 0.767, source: figures },
  build: () =>
    network(
      48,
      `
      o24: k3 e1
      o40: k5 e3 s2 | k3 e3 | skip n2
      o56: k7 e3 s2 | k3 e3 | k5 e3 n2
      o112: k7 e6 s2 | k5 e3 n3
      o136: k5 e6 | k5 e3 n3
      o256: k7 e6 s2 n2 | k7 e3 n2
      o448: k7 e6
      `,
      1792,
    ),
};
