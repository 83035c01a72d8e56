import { consumers, Node, nodes, paths } from "../graph/node.js";
import { normEpsilon } from "../graph/op.js";
import { type Role, weightsOf } from "../graph/weights.js";

/** Weights and running statistics by path; layouts as in graph/weights.ts. */
export type Weights = ReadonlyMap<string, Float32Array>;

/**
 * The network with every batch normalisation that follows a convolution, and is
 * all that follows it, made part of that convolution, which gets a bias:
 * kernel · γ / √(variance + ε) and β + (bias - mean) · γ / √(variance + ε).
 * Outputs in inference mode stay the same up to rounding. Pure.
 *
 * Source: Jacob et al. 2018, arXiv:1712.05877, §3.2.
 */
export function foldNorms(out: Node, weights: Weights): { readonly out: Node; readonly weights: Weights } {
  const users = consumers(out);
  const path = paths(out);
  const weight = (node: Node, role: Role) => weights.get(`${path.get(node)}/${role}`)!;

  const twins = new Map<Node, Node>();
  const values = new Map<Node, readonly Float32Array[]>();
  for (const node of nodes(out)) {
    const before = node.inputs[0];
    if (node.op.kind === "norm" && before?.op.kind === "conv" && users.get(before)!.length === 1) {
      const folded = new Node(
        { ...before.op, bias: true },
        twins.get(before)!.inputs,
        node.name ?? before.name,
      );
      const variance = weight(node, "variance");
      const factor = Array.from(weight(node, "gamma"), (g, c) => g / Math.sqrt(variance[c]! + normEpsilon));
      const bias = before.op.bias ? weight(before, "bias") : new Float32Array(node.channels);
      const mean = weight(node, "mean");
      twins.set(node, folded);
      values.set(folded, [
        weight(before, "kernel").map((w, i) => w * factor[i % node.channels]!),
        weight(node, "beta").map((b, c) => b + (bias[c]! - mean[c]!) * factor[c]!),
      ]);
    } else {
      const inputs = node.inputs.map((from) => twins.get(from)!);
      const same = new Node(node.op, inputs, node.name);
      twins.set(node, same);
      values.set(
        same,
        weightsOf(node).map((spec) => weight(node, spec.role)),
      );
    }
  }

  const last = twins.get(out)!;
  const newPath = paths(last);
  return {
    out: last,
    weights: new Map(
      nodes(last).flatMap((node) =>
        weightsOf(node).map(
          (spec, i) => [`${newPath.get(node)}/${spec.role}`, values.get(node)![i]!] as const,
        ),
      ),
    ),
  };
}
