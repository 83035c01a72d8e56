import { attention, type Node } from "../../graph/node.js";
import type { Attention } from "./attention.js";

const headDim = (channels: number): number => {
  let dim = Math.min(32, channels);
  while (channels % dim !== 0) dim--;
  return dim;
};

/**
 * x plus multi-head self-attention of its layer norm, over all positions of
 * [c, h, w]; q, k, v and the projection are linear with bias.
 *
 * @param table  side of the map its relative-position bias is made for
 */
export function selfAttention(x: Node, { heads, table }: { heads: number; table: number }): Node {
  const normed = x.layerNorm();
  const [q, k, v] = [1, 2, 3].map(() => normed.conv(x.channels, { bias: true })) as [Node, Node, Node];
  return attention(q, k, v, { heads, table }).conv(x.channels, { bias: true }).add(x);
}

/**
 * Multi-head self-attention in MOAT's order, behind the block; 32 channels a
 * head, or the largest divisor of c below.
 *
 * params  2·c + 4·(c² + c) + heads·(2·h - 1)²
 * paper   Yang et al. 2023, MOAT, arXiv:2210.01820
 */
export const mhsa: Attention = {
  place: "after",
  apply: (x) => selfAttention(x, { heads: x.channels / headDim(x.channels), table: x.height }),
};
