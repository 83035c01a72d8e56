import { attention, input, type Node } from "../../graph/node.js";
import type { Published, ZooEntry } from "./entry.js";

interface Plan {
  readonly widths: readonly [number, number, number, number];
  /** `m` modulation as wide as its input, `w` the same `widen` times as wide, `a` attention. */
  readonly layers: readonly [string, string, string, string];
  readonly widen: number;
  /** Widening of the feed-forward part behind the last stage's attention. */
  readonly lastWiden: number;
}

/** A linear value times its convolved context, which is repeated along the channels. */
function modulate(x: Node, repeat: number): Node {
  const c = x.channels;
  const normed = x.layerNorm();
  const seen = normed.conv(c, { bias: true }).depthwise({ kernel: 7, bias: true }).act("gelu");
  const context = seen.conv(c, { bias: true });
  const value = normed.conv(c * repeat, { bias: true }).act(repeat > 1 ? "gelu" : "none");
  const gate = repeat > 1 ? context.concat(...Array<Node>(repeat - 1).fill(context)) : context;
  return value.times(gate).conv(c, { bias: true }).scale(1e-4).add(x);
}

/** Self-attention of 8 heads of at least 32 channels, then a feed-forward part. */
function attend(x: Node, widen: number): Node {
  const c = x.channels;
  const inner = 8 * Math.max(c / 8, 32);
  const normed = x.layerNorm();
  const [q, k, v] = [1, 2, 3].map(() => normed.conv(inner)) as [Node, Node, Node];
  const mixed = attention(q, k, v, { heads: 8, table: 0 }).conv(c, { bias: true }).add(x);
  const wide = mixed
    .layerNorm()
    .conv(widen * c, { bias: true })
    .act("gelu");
  return wide.conv(c, { bias: true }).add(mixed);
}

function network({ widths, layers, widen, lastWiden }: Plan): Node {
  const embed = (x: Node, out: number, kernel: number, stride: number) =>
    x.conv(out, { kernel, stride, bias: true }).layerNorm();
  let x = embed(input([3, 224, 224]), widths[0], 7, 4).as("stem");
  widths.forEach((out, i) => {
    if (i > 0) x = embed(x, out, 3, 2).as(`stage${i + 1}.0`);
    [...layers[i]!].forEach((kind, n) => {
      const next = kind === "a" ? attend(x, i === 3 ? lastWiden : 4) : modulate(x, kind === "w" ? widen : 1);
      x = next.as(`stage${i + 1}.${n + 1}`);
    });
  });
  return x.layerNorm().globalPool().conv(1000, { bias: true }).as("classifier");
}

const entry = (size: string, plan: Plan, published?: Omit<Published, "source">): ZooEntry => ({
  title: `EfficientMod-${size}`,
  resolution: 224,
  source: "Ma et al. 2024, arXiv:2403.19963; ma-xu/EfficientMod models/EfficientMod.py",
  ...(published && { published: { ...published, source: "ma-xu/EfficientMod README.md" } }),
  build: () => network(plan),
});

export const efficientmod_xxs = entry(
  "xxs",
  { widths: [32, 64, 128, 256], layers: ["mw", "mw", "mwmwmwa", "mwaa"], widen: 6, lastWiden: 4 },
  { params: 4.7e6, top1: 0.771 },
);
export const efficientmod_xs = entry("xs", {
  widths: [32, 64, 144, 288],
  layers: ["mwm", "mwm", "mwmwaaa", "mwaaa"],
  widen: 4,
  lastWiden: 4,
});
export const efficientmod_s = entry(
  "s",
  {
    widths: [32, 64, 144, 312],
    layers: ["mwmw", "mwmw", "mwmwmwmwaaaa", "mwmwaaaa"],
    widen: 6,
    lastWiden: 5,
  },
  { params: 12.9e6, top1: 0.819 },
);
