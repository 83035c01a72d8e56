import type { Node } from "../../graph/node.js";
import { graph } from "../attentions/graph.js";
import { convNormAct } from "../blocks/convolution.js";
import type { Published, ZooEntry } from "./entry.js";
import { distilledHead, doubleStem, localBlock } from "./rapidnet.js";

const act = "gelu";

/** Graph attention, then a feed-forward half. */
function grapher(x: Node): Node {
  const mixed = graph.apply(x, act);
  const wide = convNormAct(mixed, { out: 4 * x.channels, bias: true, act });
  return convNormAct(wide, { out: x.channels, bias: true, act: "none" }).add(mixed);
}

interface Plan {
  readonly widths: readonly [number, number, number, number];
  /** Channels before the classifiers. */
  readonly last: number;
  /** Inverted residuals of three stages, graph blocks of the fourth. */
  readonly depths: readonly [number, number, number, number];
}

function network({ widths, last, depths }: Plan): Node {
  let x = doubleStem(widths[0]);
  widths.forEach((out, i) => {
    const block = i < 3 ? localBlock : grapher;
    if (i > 0)
      x = convNormAct(x, { out, kernel: 3, stride: 2, bias: true, act: "none" }).as(`stage${i + 1}.0`);
    for (let n = 1; n <= depths[i]!; n++) x = block(x).as(`stage${i + 1}.${n}`);
  });
  return distilledHead(x, last);
}

const entry = (size: string, plan: Plan, published?: Omit<Published, "source">): ZooEntry => ({
  title: `MobileViG-${size}`,
  resolution: 224,
  source: "Munir et al. 2023, arXiv:2307.00395; SLDGroup/MobileViG models/mobilevig.py",
  ...(published && {
    published: { ...published, source: "Wang et al. 2024, RepViT, arXiv:2307.09283, table 2" },
  }),
  build: () => network(plan),
});

export const mobilevig_ti = entry(
  "Ti",
  { widths: [42, 84, 168, 256], last: 512, depths: [2, 2, 6, 2] },
  { params: 5.2e6, macs: 0.7e9, top1: 0.757 },
);
export const mobilevig_s = entry(
  "S",
  { widths: [42, 84, 176, 256], last: 512, depths: [3, 3, 9, 3] },
  { params: 7.2e6, macs: 1.0e9, top1: 0.782 },
);
export const mobilevig_m = entry("M", { widths: [42, 84, 224, 400], last: 768, depths: [3, 3, 9, 3] });
export const mobilevig_b = entry("B", { widths: [42, 84, 240, 464], last: 768, depths: [5, 5, 15, 5] });
