import { input, type Node } from "../../graph/node.js";
import { convNormAct } from "../blocks/convolution.js";
import type { Published, ZooEntry } from "./entry.js";

const act = "relu6";

/** Two linear maps of the filtered features, four times as wide, multiplied with each other. */
function star(x: Node): Node {
  const c = x.channels;
  const filtered = x.depthwise({ kernel: 7, bias: true }).norm();
  const [first, second] = [1, 2].map(() => filtered.conv(4 * c, { bias: true })) as [Node, Node];
  const thin = first.act(act).times(second).conv(c, { bias: true }).norm();
  return thin.depthwise({ kernel: 7, bias: true }).add(x);
}

interface Plan {
  /** Channels of the first stage; each next one has twice as many. */
  readonly width: number;
  readonly depths: readonly [number, number, number, number];
}

function network({ width, depths }: Plan): Node {
  const halve = (x: Node, out: number, act: "relu6" | "none") =>
    convNormAct(x, { out, kernel: 3, stride: 2, bias: true, act });
  let x = halve(input([3, 224, 224]), 32, act).as("stem");
  depths.forEach((depth, i) => {
    x = halve(x, width * 2 ** i, "none").as(`stage${i + 1}.0`);
    for (let n = 1; n <= depth; n++) x = star(x).as(`stage${i + 1}.${n}`);
  });
  return x.norm().globalPool().conv(1000, { bias: true }).as("classifier");
}

const entry = (size: string, plan: Plan, published: Omit<Published, "source">): ZooEntry => ({
  title: `StarNet-${size}`,
  resolution: 224,
  source: "Ma et al. 2024, arXiv:2403.19967; ma-xu/Rewrite-the-Stars imagenet/starnet.py",
  published: { ...published, source: "Ma et al. 2024, table 6" },
  build: () => network(plan),
});

export const starnet_s1 = entry(
  "S1",
  { width: 24, depths: [2, 2, 8, 3] },
  { params: 2.9e6, macs: 0.425e9, top1: 0.735 },
);
export const starnet_s2 = entry(
  "S2",
  { width: 32, depths: [1, 2, 6, 2] },
  { params: 3.7e6, macs: 0.547e9, top1: 0.748 },
);
export const starnet_s3 = entry(
  "S3",
  { width: 32, depths: [2, 2, 8, 4] },
  { params: 5.8e6, macs: 0.757e9, top1: 0.773 },
);
export const starnet_s4 = entry(
  "S4",
  { width: 32, depths: [3, 3, 12, 5] },
  { params: 7.5e6, macs: 1.075e9, top1: 0.784 },
);
