import { consumers, type Node, nodes, paths } from "../graph/node.js";
import type { Kind } from "../graph/op.js";
import type { Role } from "../graph/weights.js";

/** By operator, the weight that carries all of its output. */
const carriers: { readonly [K in Kind]?: Role } = { norm: "gamma", scale: "factor", conv: "kernel" };

/**
 * Initial weights with every residual branch silent: where its last operator is
 * a norm, a layer scale or a convolution, that one's scale, factors or kernel are
 * 0. Training starts from the network of its shortcuts, through which gradients
 * pass as they are; else they grow with every block, and the deeper networks of
 * our spaces learn nothing in a short trial.
 *
 * Source: Goyal et al. 2017, arXiv:1706.02677, §5.1 (γ = 0); for branches that
 * end without a norm, Zhang et al. 2019, Fixup, arXiv:1901.09321, §3.
 */
export function withQuietBranches(
  out: Node,
  weights: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
  const path = paths(out);
  const quiet = new Map(weights);
  for (const node of branchEnds(out)) {
    const key = `${path.get(node)}/${carriers[node.op.kind]}`;
    quiet.set(key, new Float32Array(quiet.get(key)!.length));
  }
  return quiet;
}

/** Nodes with a carrier that do nothing but join, by an add, something they were made of. */
function branchEnds(out: Node): readonly Node[] {
  const users = consumers(out);
  return nodes(out).filter((node) => {
    const [only, another] = users.get(node)!;
    if (carriers[node.op.kind] === undefined || only?.op.kind !== "add" || another !== undefined)
      return false;
    const within = new Set(nodes(node));
    return only.inputs.some((other) => other !== node && within.has(other));
  });
}
