import { input, type Node } from "../../graph/node.js";
import { selfAttention } from "../attentions/mhsa.js";
import { squeeze } from "../attentions/squeezeExcite.js";
import type { Published, ZooEntry } from "./entry.js";

const act = "gelu";

/** Inverted residual with a norm in front; the shortcut is pooled and widened along. */
function preNormed(x: Node, { out, stride, gate }: { out: number; stride: number; gate: boolean }): Node {
  const pooled = stride === 2 ? x.avgPool(2, 2) : x;
  const shortcut = out === x.channels ? pooled : pooled.conv(out, { bias: true });
  const wide = x
    .norm()
    .conv(4 * out)
    .norm()
    .act(act);
  const deep = wide.depthwise({ kernel: 3, stride }).norm().act(act);
  const gated = gate ? squeeze(deep, { reduced: out / 4, act: "silu", gate: "sigmoid" }) : deep;
  return gated.conv(out, { bias: true }).add(shortcut);
}

/** Layers of the four stages; the last two have attention. */
const depths = [2, 3, 7, 2];

/** Sides of the maps the two stages with attention have their position tables for. */
const tables = [14, 7];

function network(resolution: number, first: number, widths: readonly [number, number, number, number]): Node {
  const stem = input([3, resolution, resolution]).conv(first, { kernel: 3, stride: 2, bias: true });
  let x = stem.norm().act(act).conv(first, { kernel: 3, bias: true }).as("stem");
  widths.forEach((out, i) => {
    for (let n = 1; n <= depths[i]!; n++) {
      const local = preNormed(x, { out, stride: n === 1 ? 2 : 1, gate: i < 2 });
      const next = i < 2 ? local : selfAttention(local, { heads: out / 32, table: tables[i - 2]! });
      x = next.as(`stage${i + 1}.${n}`);
    }
  });
  return x.globalPool().layerNorm().conv(1000, { bias: true }).as("classifier");
}

const source =
  "Yang et al. 2023, arXiv:2210.01820; google-research/deeplab2 model/pixel_encoder/moat.py, with relative position tables";
const figures = "google-research/deeplab2 g3doc/projects/moat_imagenet_pretrained_checkpoints.md";

const tiny = (n: number, first: number, published?: Omit<Published, "source">): ZooEntry => ({
  title: `tiny-MOAT-${n}`,
  resolution: 256,
  source,
  ...(published && { published: { ...published, source: figures } }),
  build: () => network(256, first, [first, 2 * first, 4 * first, 8 * first]),
});

export const moat0: ZooEntry = {
  title: "MOAT-0",
  resolution: 224,
  source,
  published: { params: 27.8e6, macs: 5.7e9, top1: 0.833, source: figures },
  build: () => network(224, 64, [96, 192, 384, 768]),
};
export const tiny_moat0 = tiny(0, 32, { params: 3.4e6, macs: 1.1e9, top1: 0.766 });
export const tiny_moat1 = tiny(1, 40);
export const tiny_moat2 = tiny(2, 56, { params: 9.8e6, macs: 3.0e9, top1: 0.817 });
export const tiny_moat3 = tiny(3, 80, { params: 19.5e6, macs: 6.0e9, top1: 0.833 });
