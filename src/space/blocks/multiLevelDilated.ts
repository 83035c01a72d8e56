import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { defineBlock, oneOf } from "../block.js";
import { attend, attentionNames } from "./attend.js";

/** Everything a multi-level dilated block can differ in. */
export interface Dilated {
  /** Dilation of each parallel 3×3 convolution. */
  readonly levels: readonly number[];
  /** Of both depthwise convolutions. */
  readonly kernel: number;
  /** Widening of the feed-forward half. */
  readonly expand: number;
  readonly act: Activation;
  /** Where both layer scales start. */
  readonly layerScale: number;
  /** On the widened maps of the feed-forward half, such as squeeze-and-excitation. */
  readonly gate?: (x: Node) => Node;
}

/** Two residual halves: a mixer of parallel dilated convolutions, and a feed-forward one with a large kernel. */
export function dilated(x: Node, { levels, kernel, expand, act, layerScale, gate }: Dilated): Node {
  const c = x.channels;
  const linear = (from: Node, out: number) => from.conv(out, { bias: true }).norm();
  const placed = linear(x.depthwise({ kernel, bias: true }), c);
  const branches = levels.map((dilation) =>
    placed.conv(c, { kernel: 3, dilation, bias: true }).norm().act(act),
  );
  const [first, ...others] = branches as [Node, ...Node[]];
  const mixed = linear(others.length > 0 ? first.add(...others) : first, c)
    .scale(layerScale)
    .add(x);
  const wide = linear(mixed.depthwise({ kernel }).norm(), c * expand).act(act);
  const fed = linear(gate === undefined ? wide : gate(wide), c);
  return fed.scale(layerScale).add(mixed);
}

/**
 * RapidNet's multi-level dilated block: 3×3 convolutions at several dilations
 * side by side, then a feed-forward half with a large depthwise kernel. RapidNet
 * itself is levels 2 and 3, kernel 7, expand 4.
 *
 * in      [c, h, w]
 * out     [c, h, w]
 * params  n·(9·c² + 3·c) + 2·(1 + expand)·c² + (2·k² + 3·expand + 14)·c, n levels;
 *         and the attention's, on c·expand channels inside or c after
 * paper   Munir et al. 2024, RapidNet, arXiv:2412.10995
 */
export const multiLevelDilated = defineBlock({
  keepsShape: true,
  choices: {
    levels: oneOf([1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3], [2, 3, 4]),
    kernel: oneOf(3, 5, 7),
    expand: oneOf(2, 3, 4),
    attention: attentionNames,
  },
  build(x, { levels, kernel, expand, attention }, { act }) {
    const { inside, after } = attend(attention);
    const gate = (wide: Node) => inside(wide, act);
    return after(dilated(x, { levels, kernel, expand, act, layerScale: 1, gate }), act);
  },
});
