import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";

/**
 * A way for a block to look beyond its convolutions' windows.
 *
 * @property place  `inside`: on the widened maps within the block; `after`: behind the block and its residual
 * @property apply  pure; keeps the shape [c, h, w]
 */
export interface Attention {
  readonly place: "inside" | "after";
  apply(x: Node, act: Activation): Node;
}
