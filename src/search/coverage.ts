import { stream } from "../base/rng.js";
import { type Kernel, kernels } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { signature } from "../graph/signature.js";
import { extent, outside } from "../latency/coverage.js";
import type { BlockTarget, Target } from "../latency/target.js";
import { build, deployedForm } from "../space/build.js";
import { sample } from "../space/moves.js";
import type { Space } from "../space/space.js";
import { knows } from "./latencyOf.js";

/** How much of a space a target predicts without extrapolating. */
export interface Coverage {
  /** Of the space's networks, 0..1. */
  readonly share: number;
  /** Networks drawn uniformly to tell; null where none need to be, as a table has all or nothing. */
  readonly drawn: number | null;
  /** What leaves the target's range, and in what share of networks; the most frequent first. */
  readonly missing: readonly { readonly what: string; readonly share: number }[];
}

/** What the name of a kernel that a table lacks begins with. */
export const kernelWord = "kernel ";

const draws = 200;

/** What takes a network out of what a target was made of: of a table, kernels it lacks, by their keys. */
function waysOut(network: Node, target: Exclude<Target, BlockTarget>): readonly string[] {
  if (target.kind === "kernels")
    return outside(extent(kernels(network)), target.validity).ways.map(({ what }) => what);
  const times = target.time(network);
  const lacks = (_: Kernel, i: number) => times[i]!.known === "extrapolated";
  return kernels(network)
    .filter(lacks)
    .map((kernel) => `${kernelWord}${signature(kernel)}`);
}

/** How much of a space a target's model covers; the same networks are drawn each time. */
export function coverage(space: Space, target: Target): Coverage {
  if (target.kind === "blocks") {
    const all = knows(target, space);
    const what = `every block, as the table is of the built-in space ${target.table.space}`;
    return { share: all ? 1 : 0, drawn: null, missing: all ? [] : [{ what, share: 1 }] };
  }
  const form = deployedForm(space);
  const counts = new Map<string, number>();
  let within = 0;
  for (let i = 0; i < draws; i++) {
    const network = build(space, sample(space, stream(0, "coverage", i)), form);
    const ways = new Set(waysOut(network, target));
    if (ways.size === 0) within++;
    for (const what of ways) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return {
    share: within / draws,
    drawn: draws,
    missing: [...counts]
      .map(([what, count]) => ({ what, share: count / draws }))
      .sort((a, b) => b.share - a.share || (a.what < b.what ? -1 : 1)),
  };
}
