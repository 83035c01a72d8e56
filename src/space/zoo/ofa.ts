import type { ZooEntry } from "./entry.js";
import { efficientHead, inverted, quarter, stem } from "./layers.js";
import { stages } from "./table.js";

interface Plan {
  readonly resolution: number;
  /** Factor on MobileNetV3's channels: head and stem are the two there are. */
  readonly width: 1 | 1.2;
  readonly top1?: number;
}

const ends = {
  1: { first: 16, wide: 960, last: 1280 },
  1.2: { first: 24, wide: 1152, last: 1536 },
} as const;

const entry = (title: string, { resolution, width, top1 }: Plan, table: string): ZooEntry => ({
  title: `Once-for-All, ${title}`,
  resolution,
  source:
    "Cai et al. 2020, arXiv:1908.09791; mit-han-lab/once-for-all with the specialised networks of han-cai/files ofa/ofa_specialized",
  ...(top1 !== undefined && {
    published: { top1, source: "checkpoint name in han-cai/files ofa/ofa_specialized" },
  }),
  build() {
    const { first, wide, last } = ends[width];
    const x = stem(resolution, { width: first, act: "hard-swish" });
    const y = stages(x, table, inverted({ act: "relu", squeeze: quarter }));
    return efficientHead(y, { wide, width: last, bias: false });
  },
});

export const ofa_flops_389m_79_1_ft_75 = entry(
  "389 million MACs",
  { resolution: 224, width: 1.2, top1: 0.791 },
  `
  o24: k3 e1
  o32: k3 e3 s2 n2
  o48 se: k5 e3 s2 | k5 e6 | k3 e3
  o96 hs: k5 e4 s2 n2 | k3 e3
  o136 se hs: k5 e6 | k5 e4 | k3 e4 n2
  o192 se hs: k3 e6 s2 n2 | k7 e6 | k3 e3
  `,
);

export const ofa_flops_482m_79_6_ft_75 = entry(
  "482 million MACs",
  { resolution: 224, width: 1.2 },
  `
  o24: k3 e1
  o32: k5 e3 s2 | k3 e3 n2
  o48 se: k5 e4 s2 | k3 e4 | k5 e4 | k3 e3
  o96 hs: k5 e4 s2 | k5 e6 | k3 e3 n2
  o136 se hs: k5 e6 | k7 e6 | k3 e6 | k5 e4
  o192 se hs: k7 e6 s2 | k3 e6 n2 | k3 e3
  `,
);

export const ofa_flops_595m_80_0_ft_75 = entry(
  "595 million MACs",
  { resolution: 236, width: 1.2, top1: 0.8 },
  `
  o24: k3 e1
  o32: k3 e3 s2 | k5 e4 | k3 e3
  o48 se: k5 e4 s2 n2 | k3 e6 | k5 e3
  o96 hs: k7 e6 s2 | k5 e6 | k3 e3 | k5 e4
  o136 se hs: k3 e6 | k5 e6 | k7 e6 | k3 e4
  o192 se hs: k3 e6 s2 n2 | k5 e6 | k3 e3
  `,
);

export const ofa_note10_lat_16ms_75_5_ft_25 = entry(
  "16 ms on a Galaxy Note10",
  { resolution: 192, width: 1, top1: 0.755 },
  `
  o16: k3 e1
  o24: k3 e3 s2 n2
  o40 se: k5 e3 s2 | k5 e4 | k3 e4 | k3 e3
  o80 hs: k5 e4 s2 n2 | k3 e3
  o112 se hs: k5 e4 n2 | k3 e3
  o160 se hs: k3 e6 s2 | k7 e4 | k5 e4 | k3 e3
  `,
);

export const ofa_note10_lat_41ms_79_3_ft_75 = entry(
  "41 ms on a Galaxy Note10",
  { resolution: 220, width: 1.2, top1: 0.793 },
  `
  o24: k3 e1
  o32: k3 e3 s2 | k3 e4
  o48 se: k7 e4 s2 | k3 e4 | k3 e6
  o96 hs: k7 e6 s2 | k3 e6 | k3 e3 | k3 e4
  o136 se hs: k3 e6 | k5 e6 | k3 e6 | k3 e4
  o192 se hs: k3 e6 s2 n3 | k3 e3
  `,
);

export const ofa_pixel1_lat_28ms_73_3_ft_25 = entry(
  "28 ms on a Pixel 1",
  { resolution: 160, width: 1, top1: 0.733 },
  `
  o16: k3 e1
  o24: k3 e3 s2 | k3 e4
  o40 se: k7 e3 s2 | k3 e6 | k3 e4
  o80 hs: k7 e3 s2 | k3 e6
  o112 se hs: k3 e6 | k5 e4
  o160 se hs: k3 e6 s2 | k3 e4 | k3 e3 | k3 e6
  `,
);
