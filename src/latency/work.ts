import type { Kernel } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { type Kind, type PerKind, perKind, type Shape } from "../graph/op.js";
import { sizeOf } from "../graph/weights.js";

/**
 * Kinds of work an accelerator runs at different efficiency.
 *
 * - `dense`      convolutions over space and channels, grouped ones too
 * - `pointwise`  1 × 1 convolutions and linear layers
 * - `depthwise`  one filter a channel, or a few
 * - `attention`  products of queries, keys and values, with their softmax
 * - `move`       no multiply-accumulates to speak of: pooling, gates, adds, norms, shuffles, ...
 */
export type WorkKind = "dense" | "pointwise" | "depthwise" | "attention" | "move";

/** Kinds of work that multiply. */
export type ComputeKind = Exclude<WorkKind, "move">;

/** What one kernel asks of a device; numbers are values, not bytes. */
export interface Work {
  readonly kind: WorkKind;
  /** Multiply-accumulates, with channels rounded up to the device's granularity. */
  readonly macs: number;
  /** Weights read. */
  readonly weights: number;
  /** Feature values read and written, those an operator passes over again counted again. */
  readonly features: number;
  /** It works across the channels of each position, or moves positions, which are not next to each other in memory. */
  readonly reorders: boolean;
  /** A product of two whole maps, which an accelerator makes along with the convolution before it. */
  readonly inPassing: boolean;
}

const workKindTable: PerKind<WorkKind, [input: Shape]> = {
  input: () => "move",
  conv({ kernel, groups }, [c]) {
    if (groups > 1 && groups === c) return "depthwise";
    return kernel === 1 && groups === 1 ? "pointwise" : "dense";
  },
  norm: () => "move",
  layerNorm: () => "move",
  act: () => "move",
  scale: () => "move",
  add: () => "move",
  average: () => "move",
  mul: () => "move",
  concat: () => "move",
  globalPool: () => "move",
  avgPool: () => "move",
  shuffle: () => "move",
  maxRelative: () => "move",
  attention: () => "attention",
};

const reordering: ReadonlySet<Kind> = new Set<Kind>(["layerNorm", "attention", "shuffle", "maxRelative"]);

const nothing = () => 0;

const paddedMacs: PerKind<number, [input: Shape, output: Shape, granularity: number]> = {
  input: nothing,
  conv({ kernel, groups, out }, [c], [, h, w], granularity) {
    const up = (n: number) => Math.ceil(n / granularity) * granularity;
    const taps = kernel * kernel * h * w;
    return groups === c ? taps * up(out) : taps * up(c / groups) * up(out / groups) * groups;
  },
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
  attention: (_, __, [c, h, w]) => 2 * c * (h * w) ** 2,
};

/** Norms, biases and layer scales behind a convolution are folded into it; only what cannot fold is read. */
const weights: PerKind<number, [input: Shape]> = {
  input: nothing,
  conv: ({ kernel, groups, out }, [c]) => (kernel * kernel * c * out) / groups + out,
  norm: nothing,
  layerNorm: (_, [c]) => 2 * c,
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
  attention: ({ heads, table }) => heads * (table === 0 ? 0 : (2 * table - 1) ** 2),
};

/**
 * Feature values an operator reads or writes besides its inputs and output, each
 * pass over them once: a mean and a variance for a layer norm, one rolled copy a
 * shift for max-relative features, scores written, normalised and read for attention.
 */
const scratch: PerKind<number, [output: Shape]> = {
  input: nothing,
  conv: nothing,
  norm: nothing,
  layerNorm: (_, shape) => 4 * sizeOf(shape),
  act: nothing,
  scale: nothing,
  add: nothing,
  average: nothing,
  mul: nothing,
  concat: nothing,
  globalPool: nothing,
  avgPool: nothing,
  shuffle: nothing,
  maxRelative: ({ step }, [c, h, w]) => 2 * c * h * w * (Math.ceil(h / step) - 1 + Math.ceil(w / step) - 1),
  attention: ({ heads }, [, h, w]) => 4 * heads * (h * w) ** 2,
};

/** Of a node that has inputs. */
export const workKindOf = (node: Node): WorkKind => perKind(workKindTable, node.op, node.inputs[0]!.shape);

/**
 * What a kernel asks of a device.
 *
 * @param granularity  channels the device computes at once; a convolution's are rounded up to it
 */
export function workOf(kernel: Kernel, granularity: number): Work {
  const anchor = kernel.nodes[0]!;
  const from = anchor.inputs[0]!.shape;
  let features = sizeOf(kernel.output.shape);
  for (const node of kernel.inputs) features += sizeOf(node.shape);
  let read = 0;
  for (const node of kernel.nodes) {
    read += perKind(weights, node.op, node.inputs[0]!.shape);
    features += perKind(scratch, node.op, node.shape);
  }
  return {
    kind: perKind(workKindTable, anchor.op, from),
    macs: perKind(paddedMacs, anchor.op, from, anchor.shape, granularity),
    weights: read,
    features,
    reorders: reordering.has(anchor.op.kind),
    inPassing: anchor.op.kind === "mul" && anchor.inputs.every(({ shape }) => sizeOf(shape) === sizeOf(from)),
  };
}
