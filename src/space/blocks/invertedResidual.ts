import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { defineBlock, oneOf, round8 } from "../block.js";
import { attend, attentionNames } from "./attend.js";

/** Everything published inverted residuals differ in. */
export interface MbConv {
  /** Channels out. */
  readonly out: number;
  /** Channels of the depthwise convolution. */
  readonly mid: number;
  /** Whether a 1×1 convolution makes those channels; without it `mid` is the channels in. */
  readonly expand: boolean;
  readonly kernel: number;
  readonly act: Activation;
  readonly stride?: number;
  readonly dilation?: number;
  /** Groups of both 1×1 convolutions; above 1 the channels are shuffled before the depthwise one. */
  readonly groups?: number;
  /** Biases in all three convolutions. */
  readonly bias?: boolean;
  /** On the filtered maps, such as squeeze-and-excitation. */
  readonly gate?: ((x: Node) => Node) | undefined;
  /** Start of a layer scale before the residual; without it there is none. */
  readonly layerScale?: number | undefined;
  readonly residual: boolean;
}

/** Widen 1×1, filter depthwise k×k, narrow 1×1. */
export function mbConv(x: Node, options: MbConv): Node {
  const { out, mid, kernel, act, stride = 1, dilation = 1, groups = 1, bias = false } = options;
  const wide = options.expand ? x.conv(mid, { groups, bias }).norm().act(act) : x;
  const mixed = groups > 1 ? wide.shuffle(groups) : wide;
  const deep = mixed.depthwise({ kernel, stride, dilation, bias }).norm().act(act);
  const gated = options.gate === undefined ? deep : options.gate(deep);
  const thin = gated.conv(out, { groups, bias }).norm();
  if (!options.residual) return thin;
  return (options.layerScale === undefined ? thin : thin.scale(options.layerScale)).add(x);
}

/**
 * Inverted residual: widen 1×1, filter depthwise k×k, narrow 1×1; a skip when
 * nothing changes shape. The workhorse of MobileNetV2, V3 and EfficientNet; with
 * groups, 1×1 convolutions are grouped and channels shuffled between, as in FBNet.
 *
 * in      [cin, h, w]
 * out     [width, ⌈h/stride⌉, ⌈w/stride⌉]
 * params  m·(cin/g + k² + width/g) + 2·(2m + width), m = round8(cin·expand), for expand above 1;
 *         cin·(k² + width/g) + 2·(cin + width) for expand 1; and the attention's, on m channels inside or width after
 * paper   Sandler et al. 2018, arXiv:1801.04381, §3.3; Wu et al. 2019, FBNet, arXiv:1812.03443, fig. 3
 */
export const invertedResidual = defineBlock({
  choices: {
    kernel: oneOf(3, 5, 7),
    expand: oneOf(1, 2, 3, 4, 6),
    dilation: oneOf(1, 2, 3),
    groups: oneOf(1, 2),
    attention: attentionNames,
  },
  build(x, { kernel, expand, dilation, groups, attention }, { width, stride, act }) {
    const { inside, after } = attend(attention);
    const out = mbConv(x, {
      out: width,
      mid: expand === 1 ? x.channels : round8(x.channels * expand),
      expand: expand > 1,
      kernel,
      stride,
      dilation,
      groups,
      act,
      gate: (deep) => inside(deep, act),
      residual: stride === 1 && width === x.channels,
    });
    return after(out, act);
  },
});
