import { input, type Node } from "../../graph/node.js";
import { additive } from "../attentions/additive.js";
import { convNormAct } from "../blocks/convolution.js";
import type { Published, ZooEntry } from "./entry.js";
import { twoClassifiers } from "./layers.js";

/** Local integration, additive attention and a feed-forward part, each with its residual. */
function block(x: Node): Node {
  const c = x.channels;
  const placed = x.conv(c, { bias: true }).norm().depthwise({ kernel: 3, bias: true }).act("gelu");
  const mixed = additive.apply(placed.conv(c, { bias: true }).add(x), "gelu");
  const wide = mixed
    .norm()
    .conv(4 * c, { bias: true })
    .act("gelu");
  return wide.conv(c, { bias: true }).add(mixed);
}

type Four = readonly [number, number, number, number];

function network(widths: Four, depths: Four): Node {
  const halve = { kernel: 3, stride: 2, bias: true } as const;
  const first = convNormAct(input([3, 224, 224]), { out: widths[0] / 2, ...halve, act: "relu" });
  let x = convNormAct(first, { out: widths[0], ...halve, act: "relu" }).as("stem");
  widths.forEach((out, i) => {
    if (i > 0) x = convNormAct(x, { out, ...halve, act: "none" }).as(`stage${i + 1}.0`);
    for (let n = 1; n <= depths[i]!; n++) x = block(x).as(`stage${i + 1}.${n}`);
  });
  return twoClassifiers(x.norm().globalPool());
}

const entry = (
  size: string,
  widths: Four,
  depths: Four,
  published?: Omit<Published, "source">,
): ZooEntry => ({
  title: `CAS-ViT-${size}`,
  resolution: 224,
  source: "Zhang et al. 2024, arXiv:2408.03703; Tianfang-Zhang/CAS-ViT classification/model/rcvit.py",
  ...(published && { published: { ...published, source: "Tianfang-Zhang/CAS-ViT MODEL_ZOO.md" } }),
  build: () => network(widths, depths),
});

export const casvit_xs = entry("XS", [48, 56, 112, 220], [2, 2, 4, 2], { params: 3.2e6, top1: 0.783 });
export const casvit_s = entry("S", [48, 64, 128, 256], [3, 3, 6, 3]);
export const casvit_m = entry("M", [64, 96, 192, 384], [3, 3, 6, 3], { params: 12.42e6, top1: 0.828 });
export const casvit_t = entry("T", [96, 128, 256, 512], [3, 3, 6, 3], { params: 21.76e6, top1: 0.839 });
