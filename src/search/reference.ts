import type { Space } from "../space/space.js";
import { largestOf } from "./feasible.js";
import type { CostObjective, Limits } from "./goal.js";
import type { Measure } from "./trial.js";

/** What each objective but accuracy is of a network. */
const measured = {
  latency: "latencyMs",
  params: "params",
  macs: "macs",
  memory: "peakActivationBytes",
  energy: "energyMj",
} as const;

/**
 * Where hypervolume is measured from in one objective: an error of 1; the limit, if
 * there is one; else the largest among networks drawn from the space.
 */
export function referenceOf(
  space: Space,
  measure: (genome: string) => Measure,
  objective: "accuracy" | CostObjective,
  limits: Limits,
): number {
  if (objective === "accuracy") return 1;
  const name = measured[objective];
  return limits[name] ?? largestOf(space, (genome) => measure(genome)[name]);
}
