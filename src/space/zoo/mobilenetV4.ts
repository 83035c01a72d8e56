import type { Node } from "../../graph/node.js";
import { round8 } from "../block.js";
import { convNormAct } from "../blocks/convolution.js";
import type { ZooEntry } from "./entry.js";
import { inverted, stem } from "./layers.js";
import { type Row, stages } from "./table.js";

const act = "relu";

/**
 * Universal inverted bottleneck: an inverted residual with depthwise
 * convolutions `a` before the widening and `b` after, 0 for none; the stride is b's, else a's.
 */
function universal(x: Node, row: Row): Node {
  const [a, b] = [row.number("a"), row.number("b")];
  const { stride, width } = row;
  const before = a === 0 ? x : x.depthwise({ kernel: a, stride: b === 0 ? stride : 1 }).norm();
  const wide = convNormAct(before, { out: round8(x.channels * row.number("e")), act });
  const deep = b === 0 ? wide : wide.depthwise({ kernel: b, stride }).norm().act(act);
  const thin = deep.conv(width).norm();
  return stride === 1 && width === x.channels ? thin.add(x) : thin;
}

/** `conv` a plain convolution, `fused` a fused inverted residual, else the universal one. */
function layer(x: Node, row: Row): Node {
  if (row.has("conv"))
    return convNormAct(x, { out: row.width, kernel: row.number("k"), stride: row.stride, act });
  return row.has("fused") ? inverted({ act })(x, row) : universal(x, row);
}

function network(resolution: number, table: string): Node {
  const x = stages(stem(resolution, { width: 32, act }), table, layer);
  const pooled = convNormAct(x, { out: 960, act }).globalPool();
  return convNormAct(pooled, { out: 1280, act }).as("head").conv(1000, { bias: true }).as("classifier");
}

const source =
  "Qin et al. 2024, arXiv:2404.10518; huggingface/pytorch-image-models timm/models/mobilenetv3.py";

export const mobilenetv4_conv_small: ZooEntry = {
  title: "MobileNetV4-Conv-S",
  resolution: 224,
  source,
  published: {
    params: 3.77e6,
    macs: 0.19e9,
    top1: 0.73756,
    source: "timm's results-imagenet.csv, e2400_r224",
  },
  build: () =>
    network(
      224,
      `
      o32: conv k3 s2 | conv k1
      o96: conv k3 s2
      o64: conv k1
      o96: a5 b5 e3 s2 | a0 b3 e2 n4 | a3 b0 e4
      o128: a3 b3 e6 s2 | a5 b5 e4 | a0 b5 e4 | a0 b5 e3 | a0 b3 e4 n2
      `,
    ),
};

export const mobilenetv4_conv_medium: ZooEntry = {
  title: "MobileNetV4-Conv-M",
  resolution: 256,
  source,
  build: () =>
    network(
      256,
      `
      o48: fused k3 e4 s2
      o80: a3 b5 e4 s2 | a3 b3 e2
      o160: a3 b5 e6 s2 | a3 b3 e4 n2 | a3 b5 e4 | a3 b3 e4 | a3 b0 e4 | a0 b0 e2 | a3 b0 e4
      o256: a5 b5 e6 s2 | a5 b5 e4 | a3 b5 e4 n2 | a0 b0 e4 | a3 b0 e4 | a3 b5 e2 | a5 b5 e4 | a0 b0 e4 n2 | a5 b0 e2
      `,
    ),
};
