import { input, type Node } from "../../graph/node.js";
import { squeeze } from "../attentions/squeezeExcite.js";
import type { Published, ZooEntry } from "./entry.js";
import { classifier } from "./layers.js";

const act = "gelu";

/** Token mixer, then a feed-forward part with a large kernel. */
function block(x: Node, widen: number): Node {
  const c = x.channels;
  const mixed = x.depthwise({ kernel: 3, bias: true });
  const wide = mixed
    .depthwise({ kernel: 7 })
    .norm()
    .conv(widen * c, { bias: true })
    .act(act);
  return wide.conv(c, { bias: true }).scale(1e-5).add(mixed);
}

/** Two filters of 7×7 a channel, then a 1×1 convolution. */
const halve = (x: Node): Node =>
  x
    .conv(2 * x.channels, { kernel: 7, stride: 2, groups: x.channels, bias: true })
    .conv(2 * x.channels, { bias: true })
    .act(act);

/** As deployed: parallel branches are folded into one convolution. */
function network(widen: number): Node {
  const first = input([3, 256, 256]).conv(64, { kernel: 3, stride: 2, bias: true }).act(act);
  const second = first.depthwise({ kernel: 3, stride: 2, bias: true }).act(act);
  let x = second.conv(64, { bias: true }).act(act).as("stem");
  [2, 2, 6, 2].forEach((depth, i) => {
    if (i > 0) x = halve(x).as(`stage${i + 1}.0`);
    for (let n = 1; n <= depth; n++) x = block(x, widen).as(`stage${i + 1}.${n}`);
  });
  const wide = x.conv(1024, { kernel: 3, groups: 512, bias: true });
  return classifier(squeeze(wide, { reduced: 64, act: "relu", gate: "sigmoid" }).act(act).as("head"));
}

/** Its authors print 6.8 and 8.8 million params; their own code has these, and so does timm's. */
const entry = (size: string, widen: number, published: Omit<Published, "source">): ZooEntry => ({
  title: `FastViT-${size}`,
  resolution: 256,
  source: "Vasu et al. 2023, arXiv:2303.14189; apple/ml-fastvit models/fastvit.py, reparameterised",
  published: { ...published, source: "Zheng 2025, iFormer, ICLR, table 18" },
  build: () => network(widen),
});

export const fastvit_t12 = entry("T12", 3, { macs: 1.4e9, top1: 0.791 });
export const fastvit_s12 = entry("S12", 4, { macs: 1.8e9, top1: 0.798 });
