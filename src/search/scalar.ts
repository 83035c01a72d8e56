import { type Goal, goalOf, type Limits, objectives } from "./goal.js";
import { better, betterBy, isScored } from "./objective.js";
import { weighted } from "./reward.js";
import type { Aim } from "./settings.js";
import type { Told } from "./trial.js";

/**
 * All objectives of an aim as one number to be made large, by the weight it has: accuracy times each cost's
 * share of its reference, to the power of minus the weight; null of a trial without accuracy.
 */
export const scalarOf =
  ({ objectives: names, reference, weight }: Aim & { readonly weight: number }) =>
  (trial: Told): number | null =>
    isScored(trial)
      ? weighted(
          trial.accuracy,
          names.slice(1).map((name, i) => objectives[name](trial) / reference[i + 1]!),
          weight,
        )
      : null;

const isWeighted = (aim: Aim): aim is Aim & { readonly weight: number } => aim.weight !== undefined;

/** Which of two trials an aim has before the other. */
export const betterOf = (aim: Aim): Goal["better"] => (isWeighted(aim) ? betterBy(scalarOf(aim)) : better);

/** The goal of a run: of all objectives, or of their one number, under these limits. */
export function goalFor(aim: Aim, limits: Limits): Goal {
  const goal = goalOf(aim.objectives, limits);
  if (!isWeighted(aim)) return goal;
  const worth = scalarOf(aim);
  return {
    ...goal,
    better: betterBy(worth),
    objectives: (trial) => [-(worth(trial) ?? Number.NEGATIVE_INFINITY)],
  };
}
