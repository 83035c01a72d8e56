import { stream } from "../base/rng.js";
import { type Kernel, kernels } from "../graph/fuse.js";
import { input, Node } from "../graph/node.js";
import { activations } from "../graph/op.js";
import { signature } from "../graph/signature.js";
import { blockKey, blocksOf, type Piece } from "../latency/piece.js";
import { build, deployedForm } from "../space/build.js";
import { formatGenome } from "../space/candidate.js";
import { everyStage } from "../space/everyStage.js";
import { sample } from "../space/moves.js";
import type { Space } from "../space/space.js";
import { type Family, familiesOf, firstOf } from "./order.js";

/** A network by the name its row has. */
export interface NamedNetwork {
  /** A genome, or a zoo network's name. */
  readonly key: string;
  readonly out: Node;
}

/** What is to be measured for a table. */
export interface MeasurePlan {
  readonly families: readonly Family[];
  /** By key: those whose time is compared with that of their kernels. */
  readonly blocks: ReadonlyMap<string, Piece>;
  /** Whole networks, from which is learnt what a sum of kernels leaves out. */
  readonly networks: readonly NamedNetwork[];
}

const blocksOfSpace = 40;
const networksOfSpace = 16;

/** Random networks of a space; `purpose` names the draw, and no two purposes share one. */
export function randomNetworks(space: Space, count: number, purpose: string): readonly NamedNetwork[] {
  const found = new Map<string, Node>();
  for (let i = 0; found.size < count && i < 20 * count; i++) {
    const genome = sample(space, stream(0, "latency", purpose, i));
    found.set(formatGenome(space, genome), build(space, genome, deployedForm(space)));
  }
  return [...found].map(([key, out]) => ({ key, out }));
}

/**
 * What tells whether a runtime fuses an operator into the kernel before it: the kernel without
 * what is fused into it, and each activation and sum by itself, at one of the sizes the networks have.
 * And a kernel of each of those sizes with every activation there is, for networks that have another one.
 */
function probes(all: Iterable<Kernel>): readonly Kernel[] {
  const found = new Map<string, Kernel>();
  for (const kernel of all) {
    const [anchor, ...fused] = kernel.nodes;
    if (anchor!.op.kind !== "conv") continue;
    for (const [i, { op }] of fused.entries()) {
      if (op.kind !== "act" && op.kind !== "add") continue;
      const name = `${op.kind} ${op.kind === "act" ? op.fn : ""} ${kernel.output.height}`;
      if (found.has(name)) continue;
      const before = kernel.nodes.slice(0, i + 1);
      const inputs = kernel.inputs.filter((x) => before.some((node) => node.inputs.includes(x)));
      found.set(name, { part: "probe", nodes: before, inputs, output: before.at(-1)! });
      const { shape } = kernel.output;
      const own = Array.from({ length: op.kind === "add" ? 2 : 1 }, () => input(shape).conv(shape[0]));
      const single = new Node(op, own);
      found.set(`${name} alone`, { part: "probe", nodes: [single], inputs: own, output: single });
      if (op.kind === "act")
        for (const fn of activations) {
          const other = `other ${fn} ${kernel.output.height}`;
          if (found.has(other)) continue;
          const last = before.at(-1)!.act(fn);
          found.set(other, { part: "probe", nodes: [...before, last], inputs, output: last });
        }
    }
  }
  return [...found.values()];
}

/**
 * Everything a table for these spaces and networks needs: all kernels, some blocks of each space
 * (or all), and random networks of each space. Of `networks` only the kernels are measured, so that
 * they can serve to check the table.
 */
export function planOf(
  spaces: readonly Space[],
  networks: readonly NamedNetwork[],
  allBlocks: boolean,
): MeasurePlan {
  const wanted = new Map<string, Kernel>();
  const blocks = new Map<string, Piece>();
  const take = (out: Node) => {
    for (const kernel of kernels(out)) {
      const key = signature(kernel);
      if (!wanted.has(key)) wanted.set(key, kernel);
    }
  };
  for (const space of spaces) {
    const of = new Map<string, Piece>();
    for (const out of everyStage(space)) {
      take(out);
      for (const block of blocksOf(out)) of.set(blockKey(block), block);
    }
    const keys = stream(0, "latency", "blocks").shuffle([...of.keys()].sort());
    for (const key of allBlocks ? keys : keys.slice(0, blocksOfSpace)) blocks.set(key, of.get(key)!);
  }
  for (const { out } of networks) take(out);
  for (const probe of probes([...wanted.values()])) wanted.set(signature(probe), probe);
  return {
    families: familiesOf(wanted.values()),
    blocks,
    networks: spaces.flatMap((space) => randomNetworks(space, networksOfSpace, "learn")),
  };
}

/** The least of a plan that makes a target: kernels that the others can be told from, and half the networks. */
export const quick = ({ families, networks }: MeasurePlan): MeasurePlan => ({
  families: families.map(({ name, kernels }) => ({
    name,
    kernels: kernels.slice(0, firstOf(kernels.length)),
  })),
  blocks: new Map(),
  networks: networks.slice(0, Math.ceil(networks.length / 2)),
});

/** What one visit takes, on a computer of today. */
const visitMs = { piece: 60, network: 700 };
const visitsOfRow = 2.2;

/** How much there is to measure. */
export interface Effort {
  readonly families: number;
  readonly kernels: number;
  /** The fewest kernels that will be measured: if all others can be told from them. */
  readonly fewestKernels: number;
  readonly blocks: number;
  readonly networks: number;
  /** If the fewest kernels are measured, and if all are. */
  readonly minutes: readonly [least: number, most: number];
}

export function effortOf({ families, blocks, networks }: MeasurePlan): Effort {
  const all = families.reduce((sum, family) => sum + family.kernels.length, 0);
  const fewest = families.reduce((sum, { kernels: { length } }) => {
    return sum + firstOf(length);
  }, 0);
  const minutes = (kernels: number) =>
    (visitsOfRow * ((kernels + blocks.size) * visitMs.piece + networks.length * visitMs.network)) / 60_000;
  return {
    families: families.length,
    kernels: all,
    fewestKernels: fewest,
    blocks: blocks.size,
    networks: networks.length,
    minutes: [minutes(fewest), minutes(all)],
  };
}
