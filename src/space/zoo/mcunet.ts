import type { Published, ZooEntry } from "./entry.js";
import { classifier, head, inverted, stem } from "./layers.js";
import { stages } from "./table.js";

const act = "relu6";

const source = (configuration: string) =>
  `Lin et al. 2020, arXiv:2007.10319; mit-han-lab/mcunet mcunet/tinynas/nn/networks/proxyless_nets.py with mit-han-lab/tinyml mcunet/assets/configs/${configuration}_imagenet.json`;

const body = (resolution: number, first: number, table: string) =>
  stages(stem(resolution, { width: first, act }), table, inverted({ act }));

interface Plan {
  readonly resolution: number;
  /** Channels of the stem. */
  readonly first: number;
  readonly configuration: string;
  readonly published?: Omit<Published, "source">;
}

const entry = (title: string, { published, ...plan }: Plan, table: string): ZooEntry => ({
  title,
  resolution: plan.resolution,
  source: source(plan.configuration),
  ...(published && { published: { ...published, source: "mit-han-lab/mcunet README.md" } }),
  build: () => classifier(body(plan.resolution, plan.first, table)),
});

export const mcunet_in0 = entry(
  "MCUNet, 10 frames a second",
  {
    resolution: 48,
    first: 24,
    configuration: "mcunet-10fps",
    published: { params: 0.75e6, macs: 6.4e6, top1: 0.415 },
  },
  `
  o16: k3 e1
  o16: k5 e4 s2 | k3 e3 | k3 e4
  o24: k7 e5 s2 | k5 e4 | k5 e5
  o48: k7 e5 s2 | k5 e4
  o56: k3 e5 | k5 e4 | k3 e5
  o112: k3 e6 s2 | k5 e4
  o192: k3 e6
  `,
);

export const mcunet_in1 = entry(
  "MCUNet, 5 frames a second",
  {
    resolution: 96,
    first: 16,
    configuration: "mcunet-5fps",
    published: { params: 0.64e6, macs: 12.8e6, top1: 0.515 },
  },
  `
  o8: k3 e1
  o16: k3 e4 s2 | k3 e3
  o24: k7 e3 s2 | k3 e5
  o40: k3 e5 s2 | k7 e4
  o48: k5 e4 | k3 e3 | k3 e4
  o96: k7 e5 s2 | k5 e4 n2
  o160: k3 e6
  `,
);

export const mcunet_in2 = entry(
  "MCUNet, 256 kB of memory, 1 MB of flash",
  { resolution: 160, first: 16, configuration: "mcunet-256kb-1mb" },
  `
  o8: k3 e1
  o16: k5 e3 s2 | k7 e6 | k3 e5 | k5 e5
  o24: k3 e5 s2 | k7 e6 | k5 e6
  o40: k7 e4 s2 | k5 e5
  o48: k3 e5 | k5 e5 | k3 e4
  o96: k5 e6 s2 | k5 e4 | k5 e3 | k3 e4
  o160: k5 e5
  `,
);

export const mcunet_in3 = entry(
  "MCUNet, 320 kB of memory, 1 MB of flash",
  {
    resolution: 176,
    first: 16,
    configuration: "mcunet-320kb-1mb",
    published: { params: 0.74e6, macs: 81.8e6, top1: 0.622 },
  },
  `
  o8: k3 e1
  o16: k7 e3 s2 | k3 e5 | k7 e5 | k5 e4
  o24: k5 e5 s2 n3
  o40: k3 e5 s2 | k7 e6 | k5 e4
  o48: k5 e5 | k7 e5 | k3 e5
  o96: k3 e6 s2 | k7 e5 | k3 e4
  o160: k7 e5
  `,
);

export const mcunet_in4 = entry(
  "MCUNet, 512 kB of memory, 2 MB of flash",
  {
    resolution: 160,
    first: 32,
    configuration: "mcunet-512kb-2mb",
    published: { params: 1.73e6, macs: 125.9e6, top1: 0.684 },
  },
  `
  o16: k3 e1
  o24: k7 e3 s2 | k3 e5 | k5 e4
  o40: k7 e5 s2 | k3 e4 | k7 e4
  o80: k7 e3 s2 | k3 e3 | k7 e3
  o96: k3 e4 | k5 e3 n2
  o192: k7 e4 s2 | k7 e3 | k5 e3
  o320: k5 e4
  `,
);

export const mcunet_mbv2_w035: ZooEntry = {
  title: "MobileNetV2 0.35 of the MCUNet zoo",
  resolution: 144,
  source: source("mbv2-w0.35-r144"),
  published: { params: 0.75e6, macs: 23.5e6, top1: 0.497, source: "mit-han-lab/mcunet README.md" },
  build: () =>
    head(
      body(
        144,
        16,
        `
        o8: k3 e1
        o8: k3 e6 s2 n2
        o16: k3 e6 s2 n3
        o24: k3 e6 s2 n4
        o32: k3 e6 n3
        o56: k3 e6 s2 n3
        o112: k3 e6
        `,
      ),
      { width: 448, act },
    ),
};
