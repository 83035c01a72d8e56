import { type Kernel, kernels } from "./fuse.js";
import { type Node, nodes } from "./node.js";
import { type PerKind, perKind, type Shape } from "./op.js";
import { sizeOf, weightsOf } from "./weights.js";

/** What a network costs, for one example. */
export interface Cost {
  /** Learned numbers: weights, biases, norm scale and shift, layer scale, bias tables; no running statistics. */
  readonly params: number;
  /** Multiply-accumulates of convolutions, linear layers and attention products. */
  readonly macs: number;
  /** Bytes of the learned numbers. */
  readonly weightBytes: number;
  /** Bytes read and written by all kernels, weights included, with what is fused never leaving the chip. */
  readonly trafficBytes: number;
  /** The most bytes of feature maps alive at once, kernels run one by one in order. */
  readonly peakActivationBytes: number;
  /** Pixels across that one position of the last feature map sees; infinite once attention mixes all positions. */
  readonly receptiveField: number;
}

const nothing = () => 0;

const macsTable: PerKind<number, [out: Shape, inputs: readonly Shape[]]> = {
  input: nothing,
  conv: ({ kernel, groups }, [c, h, w], [x]) => (kernel * kernel * x![0] * c * h * w) / groups,
  norm: nothing,
  layerNorm: nothing,
  act: nothing,
  scale: nothing,
  add: nothing,
  average: nothing,
  mul: nothing,
  concat: nothing,
  globalPool: nothing,
  avgPool: nothing,
  shuffle: nothing,
  maxRelative: nothing,
  attention: (_, [c, h, w]) => 2 * c * (h * w) ** 2,
};

/** Multiply-accumulates of one node. */
export const macsOf = (node: Node): number =>
  perKind(
    macsTable,
    node.op,
    node.shape,
    node.inputs.map((n) => n.shape),
  );

/** Learned numbers of one node. */
export const paramsOf = (node: Node): number =>
  weightsOf(node)
    .filter((spec) => spec.learned)
    .reduce((sum, spec) => sum + sizeOf(spec.shape), 0);

interface Field {
  readonly size: number;
  readonly jump: number;
}

const widest = (inputs: readonly Field[]): Field => ({
  size: Math.max(...inputs.map((f) => f.size)),
  jump: Math.max(...inputs.map((f) => f.jump)),
});
const same = (_: unknown, [first]: readonly Field[]): Field => first!;
const merged = (_: unknown, inputs: readonly Field[]): Field => widest(inputs);
const everything = (_: unknown, inputs: readonly Field[]): Field => ({
  size: Number.POSITIVE_INFINITY,
  jump: widest(inputs).jump,
});
const windowed = (reach: number, stride: number, { size, jump }: Field): Field => ({
  size: size + reach * jump,
  jump: jump * stride,
});

/** Gates count for what they multiply, not for what they pooled. */
const fields: PerKind<Field, [inputs: readonly Field[]]> = {
  input: () => ({ size: 1, jump: 1 }),
  conv: ({ kernel, dilation, stride }, [x]) => windowed((kernel - 1) * dilation, stride, x!),
  norm: same,
  layerNorm: same,
  act: same,
  scale: same,
  add: merged,
  average: merged,
  mul: same,
  concat: merged,
  globalPool: everything,
  avgPool: ({ kernel, stride }, [x]) => windowed(kernel - 1, stride, x!),
  shuffle: same,
  maxRelative: everything,
  attention: everything,
};

function receptiveField(out: Node): number {
  const found = new Map<Node, Field>();
  let last = 1;
  for (const node of nodes(out)) {
    const field = perKind(
      fields,
      node.op,
      node.inputs.map((n) => found.get(n)!),
    );
    found.set(node, field);
    if (node.height * node.width > 1) last = field.size;
  }
  return last;
}

/** Values of feature maps alive at once, at most, while the kernels run one by one in order. */
export function peakActivation(out: Node): number {
  const order = kernels(out);
  const lastUse = new Map<Node, number>();
  order.forEach((kernel, i) => {
    for (const node of kernel.inputs) lastUse.set(node, i);
  });
  const live = new Map<Node, number>();
  for (const node of nodes(out)) if (node.op.kind === "input") live.set(node, sizeOf(node.shape));
  let peak = [...live.values()].reduce((a, b) => a + b, 0);
  order.forEach((kernel, i) => {
    live.set(kernel.output, sizeOf(kernel.output.shape));
    peak = Math.max(
      peak,
      [...live.values()].reduce((a, b) => a + b, 0),
    );
    for (const node of [...live.keys()])
      if ((lastUse.get(node) ?? -1) <= i && node !== out && lastUse.has(node)) live.delete(node);
  });
  return peak;
}

/** Values of feature maps that kernels read and write. */
export const featuresMoved = (order: readonly Kernel[]): number =>
  order.reduce(
    (total, kernel) =>
      total + sizeOf(kernel.output.shape) + kernel.inputs.reduce((sum, node) => sum + sizeOf(node.shape), 0),
    0,
  );

/**
 * What a network costs, by walking its graph.
 *
 * @param out            last node; shapes are [c, h, w] of one example
 * @param bytesPerValue  4 for float32, 2 for float16, 1 for int8
 */
export function cost(out: Node, bytesPerValue = 4): Cost {
  const all = nodes(out);
  const sum = (of: (node: Node) => number) => all.reduce((total, node) => total + of(node), 0);
  const params = sum(paramsOf);
  return {
    params,
    macs: sum(macsOf),
    weightBytes: params * bytesPerValue,
    trafficBytes: (params + featuresMoved(kernels(out))) * bytesPerValue,
    peakActivationBytes: peakActivation(out) * bytesPerValue,
    receptiveField: receptiveField(out),
  };
}
