import { kernels } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { shareOf } from "./calibrate.js";
import { kernelMs } from "./model.js";
import type { Target } from "./target.js";
import { workOf } from "./work.js";

/** What a piece of a network adds to its latency. */
export interface StageMs {
  readonly ms: number;
  /** Of kernels that a table tells from others unlike them, or from beyond its range. */
  readonly extrapolatedMs: number;
}

const none: StageMs = { ms: 0, extrapolatedMs: 0 };

/**
 * What pieces of networks add by a target's kernels; nothing for a table of blocks, which looks
 * at genomes.
 *
 * @returns  for a piece that ends where a part does: a stem, a stage behind an input, a head
 */
export const stageMs =
  (target: Target): ((out: Node) => StageMs) =>
  (out) => {
    switch (target.kind) {
      case "blocks":
        return none;
      case "kernels": {
        const { model } = target;
        const add = (ms: number, kernel: Parameters<typeof workOf>[0]) =>
          ms + kernelMs(workOf(kernel, model.granularity), model);
        return { ms: kernels(out).reduce(add, 0), extrapolatedMs: 0 };
      }
      case "measured": {
        let [ms, extrapolatedMs] = [0, 0];
        for (const kernel of target.time(out)) {
          const share = shareOf(kernel, target.model);
          ms += share;
          if (kernel.known === "extrapolated") extrapolatedMs += share;
        }
        return { ms, extrapolatedMs };
      }
    }
  };

/** What every network has beside its stages: the call, or what a table of blocks has in its rest. */
export const restMsOf = (target: Target): number =>
  target.kind === "blocks" ? target.table.restMs : target.model.callMs;
