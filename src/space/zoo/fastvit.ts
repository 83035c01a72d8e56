import { attention, input, type Node } from "../../graph/node.js";
import { squeeze } from "../attentions/squeezeExcite.js";
import type { Published, ZooEntry } from "./entry.js";
import { classifier } from "./layers.js";

const act = "gelu";

/** x plus a feed-forward part with a large kernel. */
function feedForward(x: Node, widen: number): Node {
  const c = x.channels;
  const wide = x
    .depthwise({ kernel: 7 })
    .norm()
    .conv(widen * c, { bias: true })
    .act(act);
  return wide.conv(c, { bias: true }).scale(1e-5).add(x);
}

/** Token mixer by convolution, then the feed-forward part. */
const repMixer = (x: Node, widen: number): Node => feedForward(x.depthwise({ kernel: 3, bias: true }), widen);

/** Self-attention of 32 channels a head behind a batch norm, then the feed-forward part. */
function attend(x: Node, widen: number): Node {
  const c = x.channels;
  const normed = x.norm();
  const [q, k, v] = [1, 2, 3].map(() => normed.conv(c)) as [Node, Node, Node];
  const mixed = attention(q, k, v, { heads: c / 32, table: 0 }).conv(c, { bias: true });
  return feedForward(mixed.scale(1e-5).add(x), widen);
}

/** Two filters of 7×7 a channel, then a 1×1 convolution. */
const halve = (x: Node): Node =>
  x
    .conv(2 * x.channels, { kernel: 7, stride: 2, groups: x.channels, bias: true })
    .conv(2 * x.channels, { bias: true })
    .act(act);

interface Plan {
  /** Channels of the first stage; each next one has twice as many. */
  readonly width: number;
  readonly depths: readonly [number, number, number, number];
  readonly widen: number;
  /** The last stage mixes by attention, behind a filter that tells positions apart. */
  readonly attention?: boolean;
}

/** As deployed: parallel branches are folded into one convolution. */
function network({ width, depths, widen, attention = false }: Plan): Node {
  const first = input([3, 256, 256]).conv(width, { kernel: 3, stride: 2, bias: true }).act(act);
  const second = first.depthwise({ kernel: 3, stride: 2, bias: true }).act(act);
  let x = second.conv(width, { bias: true }).act(act).as("stem");
  depths.forEach((depth, i) => {
    const last = i === 3 && attention;
    if (i > 0) x = halve(x);
    if (last) x = x.depthwise({ kernel: 7, bias: true });
    if (i > 0) x = x.as(`stage${i + 1}.0`);
    for (let n = 1; n <= depth; n++) x = (last ? attend : repMixer)(x, widen).as(`stage${i + 1}.${n}`);
  });
  const wide = x.conv(2 * x.channels, { kernel: 3, groups: x.channels, bias: true });
  const gated = squeeze(wide, { reduced: wide.channels / 16, act: "relu", gate: "sigmoid" });
  return classifier(gated.act(act).as("head"));
}

const table18 = "Zheng 2025, iFormer, ICLR, table 18";

/** Its authors print 0.4 to 0.9 million fewer params; their own code has these, and so does timm's. */
const entry = (size: string, plan: Plan, published?: Published): ZooEntry => ({
  title: `FastViT-${size}`,
  resolution: 256,
  source: "Vasu et al. 2023, arXiv:2303.14189; apple/ml-fastvit models/fastvit.py, reparameterised",
  ...(published && { published }),
  build: () => network(plan),
});

export const fastvit_t8 = entry(
  "T8",
  { width: 48, depths: [2, 2, 4, 2], widen: 3 },
  { macs: 0.7e9, source: "suous/RepNeXt tools/latency.py" },
);
export const fastvit_t12 = entry(
  "T12",
  { width: 64, depths: [2, 2, 6, 2], widen: 3 },
  { macs: 1.4e9, top1: 0.791, source: table18 },
);
export const fastvit_s12 = entry(
  "S12",
  { width: 64, depths: [2, 2, 6, 2], widen: 4 },
  { macs: 1.8e9, top1: 0.798, source: table18 },
);
export const fastvit_sa12 = entry(
  "SA12",
  { width: 64, depths: [2, 2, 6, 2], widen: 4, attention: true },
  { macs: 1.9e9, top1: 0.806, source: table18 },
);
export const fastvit_sa24 = entry("SA24", {
  width: 64,
  depths: [4, 4, 12, 4],
  widen: 4,
  attention: true,
});
