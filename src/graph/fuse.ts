import { consumers, type Node, parts } from "./node.js";
import type { Kind } from "./op.js";

/** What a device runs as one kernel: an anchor and the elementwise work fused behind it. */
export interface Kernel {
  /** The part of the network its anchor stands in. */
  readonly part: string;
  /** The anchor first, then what is fused, in order. */
  readonly nodes: readonly Node[];
  /** Tensors read from memory. */
  readonly inputs: readonly Node[];
  /** The tensor written to memory. */
  readonly output: Node;
}

const fusible: ReadonlySet<Kind> = new Set<Kind>(["norm", "act", "scale", "add"]);

/**
 * A network as the kernels a device runs: a node takes its only consumer into
 * its kernel while that is a norm, activation, layer scale or residual add whose
 * other inputs are ready. The network's input is not a kernel.
 *
 * Source of the rule: Zhang et al. 2021, nn-Meter, MobiSys, §3 (operator fusion).
 */
export function kernels(out: Node): readonly Kernel[] {
  const users = consumers(out);
  const done = new Set<Node>();
  const found: Kernel[] = [];
  for (const part of parts(out))
    for (const anchor of part.nodes) {
      if (done.has(anchor)) continue;
      done.add(anchor);
      if (anchor.op.kind === "input") continue;
      const fused = [anchor];
      const inputs = new Set(anchor.inputs);
      let last = anchor;
      for (;;) {
        const next = users.get(last)!;
        const only = next[0];
        if (next.length !== 1 || only === undefined || !fusible.has(only.op.kind)) break;
        if (!only.inputs.every((from) => done.has(from))) break;
        done.add(only);
        fused.push(only);
        for (const from of only.inputs) if (from !== last) inputs.add(from);
        last = only;
      }
      found.push({ part: part.name, nodes: fused, inputs: [...inputs], output: last });
    }
  return found;
}
