import { UserError } from "../base/errors.js";
import type { Activation, Op, Shape } from "./op.js";
import { outputShape } from "./shape.js";

/** What `conv` may be told besides its output channels. */
export interface ConvOptions {
  readonly kernel?: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  readonly bias?: boolean;
}

/**
 * One operator applied to others; immutable. A network is its last node.
 *
 * A node may be named (`as`): the name closes a part, which is every node since
 * the name before it. Parts give weights their paths and reports their rows.
 */
export class Node {
  readonly shape: Shape;

  /** @throws UserError  when the operator cannot take these inputs, or the name is not one word */
  constructor(
    readonly op: Op,
    readonly inputs: readonly Node[] = [],
    readonly name?: string,
  ) {
    if (name !== undefined && !/^\S+$/.test(name))
      throw new UserError(`a part is named "${name}"`, "A name is one word, such as stage3.1.");
    this.shape = outputShape(
      op,
      inputs.map((n) => n.shape),
    );
    Object.freeze(this);
  }

  get channels(): number {
    return this.shape[0];
  }

  get height(): number {
    return this.shape[1];
  }

  get width(): number {
    return this.shape[2];
  }

  /** The same node, closing the part `name`. Use the result instead of this one. */
  as(name: string): Node {
    return new Node(this.op, this.inputs, name);
  }

  conv(out: number, options: ConvOptions = {}): Node {
    const { kernel = 1, stride = 1, dilation = 1, groups = 1, bias = false } = options;
    return new Node({ kind: "conv", out, kernel, stride, dilation, groups, bias }, [this]);
  }

  depthwise(options: Omit<ConvOptions, "groups">): Node {
    return this.conv(this.channels, { ...options, groups: this.channels });
  }

  norm(): Node {
    return new Node({ kind: "norm" }, [this]);
  }

  layerNorm(): Node {
    return new Node({ kind: "layerNorm" }, [this]);
  }

  /** `"none"` leaves the node as it is. */
  act(fn: Activation | "none"): Node {
    return fn === "none" ? this : new Node({ kind: "act", fn }, [this]);
  }

  scale(init: number): Node {
    return new Node({ kind: "scale", init }, [this]);
  }

  add(...others: readonly Node[]): Node {
    return new Node({ kind: "add" }, [this, ...others]);
  }

  average(...others: readonly Node[]): Node {
    return new Node({ kind: "average" }, [this, ...others]);
  }

  /** This node times a gate of shape [c, 1, 1], [1, h, w] or [c, h, w]. */
  times(gate: Node): Node {
    return new Node({ kind: "mul" }, [this, gate]);
  }

  concat(...others: readonly Node[]): Node {
    return new Node({ kind: "concat" }, [this, ...others]);
  }

  globalPool(): Node {
    return new Node({ kind: "globalPool" }, [this]);
  }

  avgPool(kernel: number, stride: number): Node {
    return new Node({ kind: "avgPool", kernel, stride }, [this]);
  }

  shuffle(groups: number): Node {
    return new Node({ kind: "shuffle", groups }, [this]);
  }

  maxRelative(step: number): Node {
    return new Node({ kind: "maxRelative", step }, [this]);
  }
}

/** The image, [c, h, w]. */
export const input = (shape: Shape): Node => new Node({ kind: "input", shape });

/** Multi-head attention over all positions; `table` 0 means without a relative-position bias. */
export const attention = (
  q: Node,
  k: Node,
  v: Node,
  { heads, table }: { readonly heads: number; readonly table: number },
): Node => new Node({ kind: "attention", heads, table }, [q, k, v]);

/** All nodes a network needs, each after its inputs, the network's own last; the order is fixed by the graph. */
export function nodes(out: Node): readonly Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  visit(out);
  return order;
}

/** The nodes that take each node of the network as input, once for each time they do. */
export function consumers(out: Node): ReadonlyMap<Node, readonly Node[]> {
  const users = new Map<Node, Node[]>();
  for (const node of nodes(out)) {
    users.set(node, []);
    for (const from of node.inputs) users.get(from)!.push(node);
  }
  return users;
}

/** A named run of nodes, in execution order. */
export interface Part {
  readonly name: string;
  readonly nodes: readonly Node[];
}

/** The network cut at its names, in order; what follows the last name is the part `output`. */
export function parts(out: Node): readonly Part[] {
  const found: Part[] = [];
  let open: Node[] = [];
  for (const node of nodes(out)) {
    open.push(node);
    if (node.name === undefined) continue;
    found.push({ name: node.name, nodes: open });
    open = [];
  }
  return open.length > 0 ? [...found, { name: "output", nodes: open }] : found;
}

/** Every node's path, `part/kind` and a running number within the part: `stage3.1/conv2`. Unique in a network. */
export function paths(out: Node): ReadonlyMap<Node, string> {
  const found = new Map<Node, string>();
  const taken = new Map<string, number>();
  for (const part of parts(out))
    for (const node of part.nodes) {
      const stem = `${part.name}/${node.op.kind}`;
      const n = taken.get(stem) ?? 0;
      taken.set(stem, n + 1);
      found.set(node, `${stem}${n}`);
    }
  return found;
}
