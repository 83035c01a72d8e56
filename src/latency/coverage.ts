import { macsOf, paramsOf } from "../graph/cost.js";
import type { Kernel } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import type { Range, Validity } from "./target.js";
import { workKindOf } from "./work.js";

type Sizes = Exclude<keyof Validity, "traits">;

/** What one network is like, in the terms of a target's validity. */
export type Extent = { readonly [K in Sizes]: number } & { readonly traits: readonly string[] };

/** What a device may run well or badly whatever its size: kinds of work, activations, dilation. */
function traitsOf(node: Node): readonly string[] {
  const { op } = node;
  if (op.kind === "act") return [op.fn];
  if (op.kind !== "conv") return [op.kind];
  return op.dilation > 1 ? [workKindOf(node), "dilated"] : [workKindOf(node)];
}

/** What a network of these kernels is like. */
export function extent(order: readonly Kernel[]): Extent {
  const traits = new Set<string>();
  const size = { macs: 0, params: 0, kernels: order.length, resolution: 0, channels: 0, kernelSize: 1 };
  for (const kernel of order) {
    size.channels = Math.max(size.channels, kernel.output.channels);
    for (const from of kernel.inputs)
      if (from.op.kind === "input") size.resolution = Math.max(size.resolution, from.height, from.width);
    for (const node of kernel.nodes) {
      size.macs += macsOf(node);
      size.params += paramsOf(node);
      if (node.op.kind === "conv") size.kernelSize = Math.max(size.kernelSize, node.op.kernel);
      for (const trait of traitsOf(node)) traits.add(trait);
    }
  }
  return { ...size, traits: [...traits] };
}

const range = (values: readonly number[]): Range => [Math.min(...values), Math.max(...values)];

/** The validity of a fit on networks like these. Narrow maps and small filters are in any network, so only the largest count. */
export const validityOf = (all: readonly Extent[]): Validity => ({
  macs: range(all.map((e) => e.macs)),
  params: range(all.map((e) => e.params)),
  kernels: range(all.map((e) => e.kernels)),
  resolution: range(all.map((e) => e.resolution)),
  channels: range([1, ...all.map((e) => e.channels)]),
  kernelSize: range([1, ...all.map((e) => e.kernelSize)]),
  traits: [...new Set(all.flatMap((e) => e.traits))].sort(),
});

const large = (n: number) => (n < 1e9 ? `${(n / 1e6).toPrecision(4)} M` : `${(n / 1e9).toPrecision(4)} G`);
const plain = (n: number) => `${n}`;

const sizes: { readonly [K in Sizes]: { readonly name: string; readonly show: (n: number) => string } } = {
  macs: { name: "MACs", show: large },
  params: { name: "params", show: large },
  kernels: { name: "kernels", show: plain },
  resolution: { name: "pixels across", show: plain },
  channels: { name: "channels", show: plain },
  kernelSize: { name: "pixels across a convolution", show: plain },
};

/** One way in which a network leaves the range a target was fitted on. */
export interface Way {
  /** In words that say it of other networks, too. */
  readonly what: string;
  /** In words that say by how much this one does. */
  readonly why: string;
}

/**
 * Where a network leaves the range a target was fitted on.
 *
 * @returns  each way it does, none when it does not; and `excess`, ln of how many
 *           times larger than the largest fitted one it is, where that is worst, else 0
 */
export function outside(
  network: Extent,
  validity: Validity,
): { readonly ways: readonly Way[]; readonly excess: number } {
  const ways: Way[] = [];
  let excess = 0;
  for (const key of Object.keys(sizes) as Sizes[]) {
    const [least, most] = validity[key];
    const value = network[key];
    if (value >= least && value <= most) continue;
    const { name, show } = sizes[key];
    const [side, limit] = value > most ? ["above", most] : ["below", least];
    ways.push({
      what: `${name} ${side} the fitted ${show(limit)}`,
      why: `${show(value)} ${name} is ${side} the fitted ${show(limit)}`,
    });
    excess = Math.max(excess, Math.log(value / most));
  }
  for (const trait of network.traits)
    if (!validity.traits.includes(trait))
      ways.push({ what: `${trait}, which no fitted network has`, why: `no fitted network has ${trait}` });
  return { ways, excess };
}
