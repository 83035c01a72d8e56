import { input, Node } from "../graph/node.js";
import type { Piece } from "../latency/piece.js";

/** Names of the parts around the piece; what runs between the last `before` and the first `after` is the piece. */
export const around = { before: "before", after: "after" } as const;

const isImage = (node: Node) => node.op.kind === "input";

/**
 * A small network in which a piece of another runs as it does there. Each feature map it reads
 * is made by a convolution from one channel and comes through a pooling window of one pixel;
 * one such window and a convolution follow. So the runtime keeps its inputs and output in the
 * layout it likes best, as between kernels of a network, and fuses nothing of them into the piece.
 *
 * @returns  last node; the piece's nodes are the parts `it0`, `it1`, ...
 */
export function smallModel(piece: Piece): Node {
  const { inputs } = piece;
  const height = Math.max(...inputs.map((n) => n.height));
  const width = Math.max(...inputs.map((n) => n.width));
  const image = inputs.find(isImage) ?? input([1, height, width]);
  const made = new Map<Node, Node>();
  inputs.forEach((from, i) => {
    const source = from.height === height && from.width === width ? image : image.globalPool();
    const map = source.conv(from.channels).avgPool(1, 1).as(`${around.before}${i}`);
    made.set(from, isImage(from) ? image : map);
  });
  let last = image;
  piece.nodes.forEach((node, i) => {
    const inputs = node.inputs.map((from) => made.get(from)!);
    last = new Node(node.op, inputs, `it${i}`);
    made.set(node, last);
  });
  return last.avgPool(1, 1).as(`${around.after}0`).conv(16).as(`${around.after}1`);
}
