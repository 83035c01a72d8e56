import { consumers, type Node, nodes, paths } from "../graph/node.js";
import { type PerKind, perKind, type Shape } from "../graph/op.js";
import type { Role } from "../graph/weights.js";
import type { Weights } from "./foldNorms.js";

/** What lowering one operator needs: where a format puts it, its tensors in the format's terms, and shapes [c, h, w]. */
export interface Place<Scope, Tensor> {
  readonly on: Scope;
  readonly inputs: readonly Tensor[];
  readonly shapes: readonly Shape[];
  readonly shape: Shape;
  /** Whether nothing else reads the first input. */
  readonly alone: boolean;
  weight(role: Role): Float32Array;
}

/**
 * A network in a format's terms: every operator lowered, in execution order.
 *
 * @param weights    of every path
 * @param scope      where the operators of a path go
 * @param input      the tensor of an input
 * @returns          the tensor of each node
 * @throws RangeError  when a weight is missing
 */
export function lower<Scope, Tensor>(
  out: Node,
  weights: Weights,
  lowerings: PerKind<Tensor, [place: Place<Scope, Tensor>]>,
  { scope, input }: { scope(path: string): Scope; input(node: Node): Tensor },
): ReadonlyMap<Node, Tensor> {
  const path = paths(out);
  const users = consumers(out);
  const tensors = new Map<Node, Tensor>();
  for (const node of nodes(out)) {
    const at = path.get(node)!;
    const place: Place<Scope, Tensor> = {
      on: scope(at),
      inputs: node.op.kind === "input" ? [input(node)] : node.inputs.map((from) => tensors.get(from)!),
      shapes: node.inputs.map((from) => from.shape),
      shape: node.shape,
      alone: node.inputs.length > 0 && users.get(node.inputs[0]!)!.length === 1,
      weight(role) {
        const found = weights.get(`${at}/${role}`);
        if (found === undefined) throw new RangeError(`there is no weight ${at}/${role}`);
        return found;
      },
    };
    tensors.set(node, perKind(lowerings, node.op, place));
  }
  return tensors;
}

/** What a map of this length is rolled by for max-relative aggregation. */
export const multiplesBelow = (step: number, length: number): readonly number[] =>
  Array.from({ length: Math.max(0, Math.ceil(length / step) - 1) }, (_, i) => (i + 1) * step);
