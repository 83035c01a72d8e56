import { consumers, type Node, nodes } from "../../graph/node.js";
import type { Kind } from "../../graph/op.js";

/**
 * What is computed in one go: an operator, and the normalisation (or layer scale) and activation behind it that have
 * no other reader. Where those stand behind nothing they could join, they are a unit without an anchor.
 */
export interface Unit {
  readonly anchor?: Node;
  /** A `norm` or a `scale`. */
  readonly affine?: Node;
  readonly act?: Node;
  readonly inputs: readonly Node[];
  readonly output: Node;
}

const affines: ReadonlySet<Kind> = new Set<Kind>(["norm", "scale"]);

/** A network as units, each after those it reads. */
export function units(out: Node): readonly Unit[] {
  const users = consumers(out);
  const done = new Set<Node>();
  const onlyUser = (node: Node) => (users.get(node)!.length === 1 ? users.get(node)![0] : undefined);
  const found: Unit[] = [];
  for (const node of nodes(out)) {
    if (done.has(node)) continue;
    const follows = (last: Node | undefined) => (last === undefined ? node : onlyUser(last));
    const anchor = affines.has(node.op.kind) || node.op.kind === "act" ? undefined : node;
    const second = follows(anchor);
    const affine = second !== undefined && affines.has(second.op.kind) ? second : undefined;
    const third = follows(affine ?? anchor);
    const act = third?.op.kind === "act" ? third : undefined;
    const joined = [anchor, affine, act].filter((n) => n !== undefined);
    for (const n of joined) done.add(n);
    found.push({
      ...(anchor && { anchor }),
      ...(affine && { affine }),
      ...(act && { act }),
      inputs: joined[0]!.inputs,
      output: joined.at(-1)!,
    });
  }
  return found;
}
