import { type Node, nodes } from "./node.js";

/** The network with every node exchanged for what `by` makes of it and of what its inputs became. */
export function rewrite(out: Node, by: (node: Node, inputs: readonly Node[]) => Node): Node {
  const made = new Map<Node, Node>();
  for (const node of nodes(out))
    made.set(
      node,
      by(
        node,
        node.inputs.map((from) => made.get(from)!),
      ),
    );
  return made.get(out)!;
}
