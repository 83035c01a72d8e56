import { type Node, parts, paths } from "../../graph/node.js";
import type { Op } from "../../graph/op.js";
import { type WeightSpec, weightsOf } from "../../graph/weights.js";

/** One learned weight of a network, and the supernet's weight it is a slice of. */
export interface Slot extends WeightSpec {
  /** In the network, as engines name it. */
  readonly path: string;
  /** In the supernet. */
  readonly key: string;
}

/** Whether networks share slices of one weight, or only weights of equal choices and equal shape. */
export type Sharing = "slices" | "choices";

/** What operators with weights must have in common to share them; the others have nothing to share. */
function signature(op: Op, inputs: readonly Node[], sharing: Sharing): string {
  const exact = sharing === "choices";
  switch (op.kind) {
    case "conv": {
      const channels = inputs[0]!.channels;
      const groups = op.groups > 1 && op.groups === channels ? "d" : `g${op.groups}`;
      const own = exact ? `k${op.kernel}:${channels}>${op.out}` : "";
      return `c${groups}${op.dilation > 1 ? `x${op.dilation}` : ""}${op.bias ? "b" : ""}${own}`;
    }
    case "norm":
      return exact ? `n${inputs[0]!.channels}` : "n";
    case "layerNorm":
      return exact ? `l${inputs[0]!.channels}` : "l";
    case "scale":
      return exact ? `s${inputs[0]!.channels}` : "s";
    case "attention":
      return op.table === 0 ? "" : `a${op.heads}x${op.table}`;
    default:
      return "";
  }
}

/**
 * Every weight of a network (or of a stage alone) with its place in the supernet: the part's name,
 * what weighted operators it has up to there (as choices: all that it has), and the operator's
 * number in it. So two candidates share a weight where their blocks do the same, whatever
 * the space calls them.
 *
 * Running statistics are not shared: they are of one network, and counted anew for it.
 */
export function slotsOf(out: Node, sharing: Sharing): readonly Slot[] {
  const path = paths(out);
  return parts(out).flatMap((part) => {
    const whole = part.nodes.map((node) => signature(node.op, node.inputs, sharing)).join("");
    const numbers = new Map<string, number>();
    let before = "";
    return part.nodes.flatMap((node) => {
      before += signature(node.op, node.inputs, sharing);
      const made = sharing === "choices" ? whole : before;
      const { kind } = node.op;
      const number = numbers.get(kind) ?? 0;
      numbers.set(kind, number + 1);
      return weightsOf(node)
        .filter(({ learned }) => learned)
        .map((spec) => ({
          ...spec,
          path: `${path.get(node)}/${spec.role}`,
          key: `${part.name}/${made}/${kind}${number}/${spec.role}`,
        }));
    });
  });
}

/**
 * Call for each run of numbers that a slice has of a whole: kernels are cut from the middle,
 * everything else from the beginning.
 *
 * @param whole  shape of the supernet's weight, at least as large as `part` in each dimension
 */
export function eachRun(
  { role, shape }: Pick<WeightSpec, "role" | "shape">,
  whole: readonly number[],
  visit: (inWhole: number, inSlice: number, count: number) => void,
): void {
  const last = shape.length - 1;
  const offset = shape.map((n, axis) => (role === "kernel" && axis < 2 ? (whole[axis]! - n) / 2 : 0));
  let inSlice = 0;
  const walk = (axis: number, at: number): void => {
    if (axis === last) {
      visit(at * whole[last]! + offset[last]!, inSlice, shape[last]!);
      inSlice += shape[last]!;
      return;
    }
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, at * whole[axis]! + offset[axis]! + i);
  };
  walk(0, 0);
}
