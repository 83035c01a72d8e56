import { input, type Node } from "../../graph/node.js";
import { convNormAct } from "../blocks/convolution.js";
import { mbConv } from "../blocks/invertedResidual.js";
import { dilated } from "../blocks/multiLevelDilated.js";
import type { ZooEntry } from "./entry.js";
import { twoClassifiers } from "./layers.js";

const act = "gelu";
const layerScale = 1e-5;

const source = "Munir et al. 2024, arXiv:2412.10995; mmunir127/RapidNet-Official models/rapidnet.py";

interface Plan {
  /** Channels of the four stages, and of the layer before the classifiers. */
  readonly widths: readonly [number, number, number, number];
  readonly last: number;
  /** Inverted residuals of each stage, and multi-level dilated blocks behind them. */
  readonly local: readonly [number, number, number, number];
  readonly dilated: readonly [number, number, number, number];
}

/** A biased 3×3 convolution of stride 2 with norm. */
const halve = (x: Node, out: number) =>
  convNormAct(x, { out, kernel: 3, stride: 2, bias: true, act: "none" });

export const localBlock = (x: Node): Node =>
  mbConv(x, {
    out: x.channels,
    mid: 4 * x.channels,
    expand: true,
    kernel: 3,
    act,
    bias: true,
    layerScale,
    residual: true,
  });

/** Two halvings to [width, 56, 56]. */
export const doubleStem = (width: number): Node =>
  halve(halve(input([3, 224, 224]), width / 2).act(act), width)
    .act(act)
    .as("stem");

/** Pool, one layer, and the two classifiers. */
export const distilledHead = (x: Node, width: number): Node =>
  twoClassifiers(convNormAct(x.globalPool(), { out: width, bias: true, act }).as("head"));

const global = (x: Node) => dilated(x, { levels: [2, 3], kernel: 7, expand: 4, act, layerScale });

function network({ widths, last, local, dilated }: Plan): Node {
  let x = doubleStem(widths[0]);
  widths.forEach((width, i) => {
    const name = (n: number) => `stage${i + 1}.${n}`;
    if (i > 0) x = halve(x, width).as(name(0));
    for (let n = 1; n <= local[i]!; n++) x = localBlock(x).as(name(n));
    for (let n = 1; n <= dilated[i]!; n++) x = global(x).as(name(local[i]! + n));
  });
  return distilledHead(x, last);
}

const entry = (size: string, plan: Plan): ZooEntry => ({
  title: `RapidNet-${size}`,
  resolution: 224,
  source,
  build: () => network(plan),
});

export const rapidnet_ti: ZooEntry = {
  ...entry("Ti", { widths: [32, 64, 112, 224], last: 512, local: [2, 2, 6, 2], dilated: [0, 0, 2, 2] }),
  published: { top1: 0.763, source: "arXiv:2412.10995, abstract" },
};
export const rapidnet_s = entry("S", {
  widths: [32, 64, 112, 224],
  last: 512,
  local: [3, 3, 9, 3],
  dilated: [0, 0, 3, 3],
});
export const rapidnet_m = entry("M", {
  widths: [32, 64, 160, 320],
  last: 512,
  local: [3, 3, 9, 3],
  dilated: [0, 0, 3, 3],
});
export const rapidnet_b = entry("B", {
  widths: [64, 128, 224, 416],
  last: 768,
  local: [3, 3, 9, 3],
  dilated: [0, 0, 3, 3],
});
