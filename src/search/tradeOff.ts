import { frontOf, goalOf } from "./goal.js";
import { hypervolume } from "./hypervolume.js";
import { knee } from "./knee.js";
import type { Scored } from "./objective.js";
import type { Aim } from "./settings.js";
import type { Trial } from "./trial.js";

/** What a run has found of the trade-off between its objectives. */
export interface TradeOff {
  /** By the last objective. */
  readonly front: readonly Scored[];
  /** What the front dominates, as a share of the box up to the run's reference. */
  readonly hypervolume: number;
  /** Where the front bends most. */
  readonly knee: Scored;
}

/** Undefined with one objective, or while no trial is scored. */
export function tradeOff(trials: readonly Trial[], { objectives, reference }: Aim): TradeOff | undefined {
  const front = frontOf(trials, objectives);
  if (objectives.length < 2 || front.length === 0) return undefined;
  const points = front.map(goalOf(objectives, {}).objectives);
  const box = reference.reduce((product, side) => product * side, 1);
  return { front, hypervolume: hypervolume(points, reference) / box, knee: front[knee(points)]! };
}
