import { type Kernel, kernels } from "../graph/fuse.js";
import { consumers, input, Node, parts } from "../graph/node.js";
import { print } from "../graph/text.js";

/** A piece of a network that reads some feature maps and writes one: a kernel, or a block of them. */
export type Piece = Kernel;

/**
 * The blocks of a network that can be timed by themselves: its parts that hand on one feature map,
 * stem and head too, in order.
 */
export function blocksOf(out: Node): readonly Piece[] {
  const users = consumers(out);
  return parts(out).flatMap((part): readonly Piece[] => {
    const own = new Set(part.nodes);
    const body = part.nodes.filter((node) => node.op.kind !== "input");
    const output = body.at(-1);
    const leaves = body.filter((node) => node !== output && users.get(node)!.some((user) => !own.has(user)));
    if (output === undefined || leaves.length > 0) return [];
    const inputs = new Set(body.flatMap((node) => node.inputs).filter((from) => !body.includes(from)));
    return [{ part: part.name, nodes: body, inputs: [...inputs], output }];
  });
}

/** A piece as a network of its own, with an input for each feature map it reads. */
export function alone(piece: Piece): Node {
  const made = new Map<Node, Node>(piece.inputs.map((from) => [from, input(from.shape)]));
  for (const node of piece.nodes) {
    const from = node.inputs.map((x) => made.get(x)!);
    made.set(node, new Node(node.op, from));
  }
  return made.get(piece.output)!;
}

/** A block as the key of a table: its network's text on one line, without what changes no work. */
export const blockKey = (block: Piece): string =>
  print(alone(block))
    .split("\n")
    .map((line) => line.replace(/ #.*$/, "").replace(/init=[^,)]+/, "init=1"))
    .join("; ");

/** The kernels of a block. */
export const kernelsOf = (block: Piece): readonly Kernel[] => kernels(alone(block));
