import { input, Node } from "../graph/node.js";
import type { Piece } from "../latency/piece.js";

/** First letters of the names of what stands around a piece; the first node named `end` follows it. */
export const around = { before: "before", beside: "beside", end: "end" } as const;

/** Feature maps have more channels than the images of cameras. */
const isImage = (node: Node) => node.channels <= 4 && node.height > 1;

/**
 * A small network in which a piece of another runs as it does there. Each feature map it reads
 * is made by a convolution from one channel, and read by another convolution, too; a convolution
 * reads its output. So the runtime keeps inputs and output in the layout it likes best, as between
 * kernels of a network, and fuses the piece with nothing: it cannot fuse what has two readers.
 * Before all of that runs a layer with `flush` weights, from which the image comes: in a network, too,
 * the weights of other layers have passed through the cache since a kernel last ran, and its own are
 * in it no more, while what the kernel before it has just written is.
 *
 * @returns  last node, of shape [16, 1, 1]; the piece's nodes are the parts `it0`, `it1`, ...
 */
export function smallModel(piece: Piece): Node {
  const { inputs } = piece;
  const height = Math.max(...inputs.map((n) => n.height));
  const width = Math.max(...inputs.map((n) => n.width));
  const seen = inputs.find(isImage)?.shape ?? ([1, height, width] as const);
  const image = flushed(input(seen).as(around.before));
  const made = new Map<Node, Node>();
  const read = (node: Node, name: string) => {
    const found = node.conv(thin).as(name);
    return found.height * found.width === 1 ? found : found.globalPool().as(`${name}Pool`);
  };
  const beside: Node[] = [];
  for (const [i, from] of inputs.entries()) {
    made.set(from, image);
    if (isImage(from)) continue;
    const name = `${around.before}${i}`;
    const isPooled = from.height * from.width === 1 && height * width > 1;
    const source = isPooled ? image.globalPool().as(`${name}Pool`) : image;
    const stride = isPooled ? 1 : Math.round(height / from.height);
    const map = source.conv(from.channels, { stride }).as(name);
    beside.push(read(map, `${around.beside}${i}`));
    made.set(from, map);
  }
  let last = image;
  piece.nodes.forEach((node, i) => {
    const from = node.inputs.map((x) => made.get(x)!);
    last = new Node(node.op, from, `it${i}`);
    made.set(node, last);
  });
  const out = read(last, around.end);
  return beside.length === 0 ? out : out.add(...beside).as(`${around.end}Sum`);
}

/** Channels of what reads: as few as processors of today compute at once. */
const thin = 16;

/** Channels of a layer whose weights, 4 MiB, fill the second-level cache of a core of today. */
const flush = 1024;

/** An image that is there once the layer with many weights has run. */
function flushed(image: Node): Node {
  const seen = image.height * image.width === 1 ? image : image.globalPool();
  const gate = seen.conv(flush).conv(flush).conv(image.channels).as(`${around.before}Flush`);
  return image.times(gate).as(`${around.before}Image`);
}
