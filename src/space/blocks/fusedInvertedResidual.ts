import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { defineBlock, oneOf, round8 } from "../block.js";
import { attend, attentionNames } from "./attend.js";

/** Everything published fused inverted residuals differ in. */
export interface FusedMbConv {
  /** Channels out. */
  readonly out: number;
  /** Channels between the two convolutions. */
  readonly mid: number;
  readonly kernel: number;
  readonly act: Activation;
  readonly stride?: number;
  /** On the widened maps, such as squeeze-and-excitation. */
  readonly gate?: (x: Node) => Node;
  readonly residual: boolean;
}

/** Widen k×k, narrow 1×1. */
export function fusedMbConv(x: Node, options: FusedMbConv): Node {
  const { out, mid, kernel, act, stride = 1 } = options;
  const wide = x.conv(mid, { kernel, stride }).norm().act(act);
  const gated = options.gate === undefined ? wide : options.gate(wide);
  const thin = gated.conv(out).norm();
  return options.residual ? thin.add(x) : thin;
}

/**
 * Fused inverted residual: one dense k×k convolution widens and filters, 1×1
 * narrows; a skip when nothing changes shape. More work than the unfused form, but
 * work that wide hardware does well.
 *
 * in      [cin, h, w]
 * out     [width, ⌈h/stride⌉, ⌈w/stride⌉]
 * params  m·(k²·cin + width) + 2·(m + width), m = round8(cin·expand);
 *         and the attention's, on m channels inside or width after
 * paper   Tan and Le 2021, EfficientNetV2, arXiv:2104.00298, §3.2
 */
export const fusedInvertedResidual = defineBlock({
  choices: {
    kernel: oneOf(3, 5),
    expand: oneOf(1, 2, 3, 4, 6),
    attention: attentionNames,
  },
  build(x, { kernel, expand, attention }, { width, stride, act }) {
    const { inside, after } = attend(attention);
    const out = fusedMbConv(x, {
      out: width,
      mid: round8(x.channels * expand),
      kernel,
      stride,
      act,
      gate: (wide) => inside(wide, act),
      residual: stride === 1 && width === x.channels,
    });
    return after(out, act);
  },
});
