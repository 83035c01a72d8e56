import type { Kernel } from "./fuse.js";
import type { Node } from "./node.js";
import type { Op, Shape } from "./op.js";

const size = (shape: Shape) => shape.join("x");

/** An operator's attributes as text, in the order the operator states them: `kernel=3,stride=2`. */
export const attributes = (op: Op): string =>
  Object.entries(op)
    .filter(([key]) => key !== "kind")
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join("x") : value}`)
    .join(",");

/**
 * A kernel as the key of a latency table: anchor with attributes, input shapes,
 * output shape, and what is fused behind it. Equal work has equal text.
 * For instance `conv(out=64,kernel=1,...)16x56x56>64x56x56+norm+act(fn=relu6)`.
 */
export function signature(kernel: Kernel): string {
  const [anchor, ...fused] = kernel.nodes;
  const inputs = anchor!.inputs.map((n) => size(n.shape)).join(",");
  return [`${work(anchor!)}${inputs}>${size(kernel.output.shape)}`, ...fused.map(work)].join("+");
}

/** A node's operator without what changes its numbers but not its work; a fused add says when it adds more than two. */
function work({ op, inputs }: Node): string {
  if (op.kind === "scale") return "scale";
  if (op.kind === "add" && inputs.length > 2) return `add${inputs.length}`;
  return attributes(op) === "" ? op.kind : `${op.kind}(${attributes(op)})`;
}
