import { type Node, nodes } from "../graph/node.js";

/** What an exported file calls a network's inputs, in execution order: `input`, or `input0`, `input1`, ... of several. */
export function inputNames(out: Node): ReadonlyMap<Node, string> {
  const inputs = nodes(out).filter((node) => node.op.kind === "input");
  return new Map(inputs.map((node, i) => [node, inputs.length === 1 ? "input" : `input${i}`]));
}
