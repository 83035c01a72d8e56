import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { convNormAct } from "../blocks/convolution.js";
import type { ZooEntry } from "./entry.js";
import { inverted, quarter, stem } from "./layers.js";
import { type Row, stages } from "./table.js";

/** Generalised bottleneck: 1×1 to `a` channels, dense k×k to `b`, 1×1 out. */
function tucker(x: Node, row: Row, act: Activation): Node {
  const inner = convNormAct(x, { out: row.number("a"), act });
  const { stride, width } = row;
  const filtered = convNormAct(inner, { out: row.number("b"), kernel: row.number("k"), stride, act });
  const thin = filtered.conv(width).norm();
  return stride === 1 && width === x.channels ? thin.add(x) : thin;
}

/** Backbone on [3, 320, 320]; the detector's own layers are not part of it. */
function backbone(first: number, act: Activation, table: string): Node {
  const layer = inverted({ act, squeeze: (mid) => ({ ...quarter(mid), act, gate: "sigmoid" }) });
  return stages(stem(320, { width: first, act }), table, (x, row) =>
    row.has("tucker") ? tucker(x, row, act) : layer(x, row),
  );
}

const entry = (device: string, first: number, act: Activation, table: string): ZooEntry => ({
  title: `MobileDet for ${device}, backbone`,
  resolution: 320,
  source:
    "Xiong et al. 2021, arXiv:2004.14525; tensorflow/models research/object_detection/models/ssd_mobiledet_feature_extractor.py",
  build: () => backbone(first, act, table),
});

export const mobiledet_cpu = entry(
  "CPUs",
  16,
  "hard-swish",
  `
  o8 se: k3 e1
  o16 se: k3 e4 s2
  o32 se: k3 e8 s2 | k3 e4 n3
  o72 se: k5 e8 s2 | k3 e8 | k5 e4 | k3 e4
  o72 se: k3 e8 plain | k3 e8 n3
  o104 se: k5 e8 s2 | k5 e4 n2 | k3 e4
  o144 se: k3 e8
  `,
);

export const mobiledet_dsp = entry(
  "DSPs",
  32,
  "relu6",
  `
  o24: k3 e1
  o32: fused k3 e4 s2 n2 | k3 e4 | tucker k3 a8 b24
  o64: fused k3 e8 s2 | k3 e4 | fused k3 e4 n2
  o120: fused k3 e8 s2 | k3 e4 | k3 e8 n2
  o144: fused k3 e8 | k3 e8 n3
  o160: k3 e4 s2 n2 | fused k3 e4 | tucker k3 a120 b120
  o240: k3 e8
  `,
);

export const mobiledet_edgetpu = entry(
  "the Edge TPU",
  32,
  "relu6",
  `
  o16: tucker k3 a8 b16
  o16: fused k3 e8 s2 | fused k3 e4 | fused k3 e8 | fused k3 e4
  o40: fused k5 e8 s2 | fused k3 e4 n3
  o72: k3 e8 s2 n2 | fused k3 e4 n2
  o96: k5 e8 n2 | k3 e8 n2
  o120: k5 e8 s2 | k3 e8 | k5 e4 | k3 e8
  o384: k5 e8
  `,
);
