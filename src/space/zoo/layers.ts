import { input, type Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { type Squeeze, squeeze } from "../attentions/squeezeExcite.js";
import { round8 } from "../block.js";
import { convNormAct } from "../blocks/convolution.js";
import { fusedMbConv } from "../blocks/fusedInvertedResidual.js";
import { mbConv } from "../blocks/invertedResidual.js";
import type { Row } from "./table.js";

/** What all inverted residuals of a family have in common. */
export interface Family {
  readonly act: Activation;
  /** Biases in the convolutions. */
  readonly bias?: boolean;
  /** Squeeze-and-excitation of the layers marked `se`. */
  readonly squeeze?: (mid: number, cin: number) => Squeeze;
}

/** MobileNetV3's rule, which many later networks took over: a quarter of the widened channels. */
export const quarter = (mid: number): Squeeze => ({
  reduced: round8(mid / 4),
  act: "relu",
  gate: "hard-sigmoid",
});

/**
 * Layers of a table as inverted residuals: `k` kernel, `e` expansion (e1 has no widening
 * convolution unless marked `pw`), `g2` grouped 1×1 with shuffle, `se`, `hs` hard-swish,
 * `plain` without residual, `fused` for the fused form, `skip` for no layer.
 */
export const inverted =
  (family: Family) =>
  (x: Node, row: Row): Node => {
    if (row.has("skip")) return x;
    const act = row.has("hs") ? "hard-swish" : family.act;
    const expand = row.number("e");
    const mid = round8(x.channels * expand);
    const rule = row.has("se") ? family.squeeze?.(mid, x.channels) : undefined;
    const shared = {
      out: row.width,
      mid,
      kernel: row.number("k"),
      stride: row.stride,
      act,
      residual: row.stride === 1 && row.width === x.channels && !row.has("plain"),
    };
    if (row.has("fused")) return fusedMbConv(x, shared);
    return mbConv(x, {
      ...shared,
      expand: expand !== 1 || row.has("pw"),
      groups: row.has("g2") ? 2 : 1,
      bias: family.bias ?? false,
      gate: rule && ((deep) => squeeze(deep, rule)),
    });
  };

/** The first convolution: 3×3, stride 2, on an RGB image. */
export const stem = (
  resolution: number,
  { width, act, bias = false }: { width: number; act: Activation; bias?: boolean },
): Node =>
  convNormAct(input([3, resolution, resolution]), { out: width, kernel: 3, stride: 2, bias, act }).as("stem");

/** Pool all positions, then the classifier of 1000 classes. */
export const classifier = (x: Node): Node => x.globalPool().conv(1000, { bias: true }).as("classifier");

/** 1×1 convolution to `width`, then pool and classify. */
export const head = (
  x: Node,
  { width, act, bias = false }: { width: number; act: Activation; bias?: boolean },
): Node => classifier(convNormAct(x, { out: width, bias, act }).as("head"));

/** MobileNetV3's head: 1×1 convolution, pool, a linear layer on the pooled channels, classify. */
export function efficientHead(
  x: Node,
  { wide, width, bias = true }: { wide: number; width: number; bias?: boolean },
): Node {
  const act = "hard-swish";
  const pooled = convNormAct(x, { out: wide, act }).globalPool();
  return pooled.conv(width, { bias }).act(act).as("head").conv(1000, { bias: true }).as("classifier");
}

/** Two classifiers, one of them trained by distillation, averaged. */
export const twoClassifiers = (x: Node): Node =>
  x
    .conv(1000, { bias: true })
    .average(x.conv(1000, { bias: true }))
    .as("classifier");
