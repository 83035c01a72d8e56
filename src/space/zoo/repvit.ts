import { input, type Node } from "../../graph/node.js";
import { squeeze } from "../attentions/squeezeExcite.js";
import { round8 } from "../block.js";
import type { Published, ZooEntry } from "./entry.js";
import { classifier } from "./layers.js";

/** Twice as wide and back, with a residual. */
const feedForward = (x: Node): Node =>
  x
    .conv(2 * x.channels, { bias: true })
    .act("gelu")
    .conv(x.channels, { bias: true })
    .add(x);

/** Depthwise 3×3, which in training has a 1×1 and the input beside it, then the feed-forward part. */
function block(x: Node, gated: boolean): Node {
  const mixed = x.depthwise({ kernel: 3, bias: true });
  const reduced = round8(x.channels / 4);
  return feedForward(gated ? squeeze(mixed, { reduced, act: "relu", gate: "sigmoid" }) : mixed);
}

const halve = (x: Node, out: number): Node =>
  feedForward(x.depthwise({ kernel: 3, stride: 2, bias: true }).conv(out, { bias: true }));

type Four = readonly [number, number, number, number];

/** As deployed: every norm and every parallel branch is folded into its convolution. */
function network(widths: Four, depths: Four): Node {
  const first = { kernel: 3, stride: 2, bias: true };
  const image = input([3, 224, 224]);
  let x = image
    .conv(widths[0] / 2, first)
    .act("gelu")
    .conv(widths[0], first)
    .as("stem");
  widths.forEach((width, i) => {
    if (i > 0) x = halve(block(x, false), width).as(`stage${i + 1}.0`);
    for (let n = 1; n <= depths[i]!; n++) x = block(x, n % 2 === 1).as(`stage${i + 1}.${n}`);
  });
  return classifier(x);
}

const entry = (size: string, widths: Four, depths: Four, published: Omit<Published, "source">): ZooEntry => ({
  title: `RepViT-${size}`,
  resolution: 224,
  source: "Wang et al. 2024, arXiv:2307.09283; THU-MIG/RepViT model/repvit.py, fused",
  published: { ...published, source: "Wang et al. 2024, table 1" },
  build: () => network(widths, depths),
});

export const repvit_m0_9 = entry("M0.9", [48, 96, 192, 384], [2, 2, 14, 2], {
  params: 5.1e6,
  macs: 0.8e9,
  top1: 0.787,
});
export const repvit_m1_0 = entry("M1.0", [56, 112, 224, 448], [2, 2, 14, 2], {
  params: 6.8e6,
  macs: 1.1e9,
  top1: 0.8,
});
export const repvit_m1_1 = entry("M1.1", [64, 128, 256, 512], [2, 2, 12, 2], {
  params: 8.2e6,
  macs: 1.3e9,
  top1: 0.807,
});
export const repvit_m1_5 = entry("M1.5", [64, 128, 256, 512], [4, 4, 24, 4], {
  params: 14.0e6,
  macs: 2.3e9,
  top1: 0.823,
});
export const repvit_m2_3 = entry("M2.3", [80, 160, 320, 640], [6, 6, 34, 2], {
  params: 22.9e6,
  macs: 4.5e9,
  top1: 0.833,
});
