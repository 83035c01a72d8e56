import { cost } from "../graph/cost.js";
import type { Target } from "../latency/target.js";
import { build, deployedForm } from "../space/build.js";
import { parseGenome } from "../space/candidate.js";
import type { Space } from "../space/space.js";
import { latencyOf } from "./latencyOf.js";
import type { Measure } from "./trial.js";

/**
 * Cost of a genome's deployed form and its latency on the target, remembered by genome.
 *
 * @throws UserError  when the target knows nothing of the space
 */
export function measurer(space: Space, target: Target): (genome: string) => Measure {
  const known = new Map<string, Measure>();
  const form = deployedForm(space);
  const latency = latencyOf(target, space);
  return (genome) => {
    const before = known.get(genome);
    if (before !== undefined) return before;
    const out = build(space, parseGenome(space, genome), form);
    const { ms, lowMs, highMs, extrapolated } = latency(genome, () => out);
    const { params, macs, peakActivationBytes } = cost(out);
    const measure: Measure = {
      latencyMs: ms,
      latencyLowMs: lowMs,
      latencyHighMs: highMs,
      latencyKind: extrapolated ? "extrapolated" : "predicted",
      params,
      macs,
      peakActivationBytes,
    };
    known.set(genome, measure);
    return measure;
  };
}
