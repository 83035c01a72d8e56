import type { Node } from "../../graph/node.js";
import type { Attention } from "./attention.js";

const filter = (x: Node) => x.depthwise({ kernel: 3, bias: true });

/** A gate for each position, then one for each channel. */
function gated(x: Node): Node {
  const spatial = x.times(filter(x).norm().act("relu").conv(1).act("sigmoid"));
  return spatial.times(spatial.globalPool().conv(x.channels).act("sigmoid"));
}

/**
 * Additive attention: the gated query and key are added, filtered and
 * multiplied with the value, so its cost is linear in the positions.
 *
 * params  5·c² + 48·c
 * paper   Zhang et al. 2024, CAS-ViT, arXiv:2408.03703
 */
export const additive: Attention = {
  place: "after",
  apply(x) {
    const normed = x.norm();
    const [q, k, v] = [1, 2, 3].map(() => normed.conv(x.channels)) as [Node, Node, Node];
    return filter(filter(gated(q).add(gated(k))).times(v)).add(x);
  },
};
