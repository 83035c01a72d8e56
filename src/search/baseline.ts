import { lookup } from "../base/lookup.js";
import { deviation, mean } from "../base/stats.js";
import { isRated, isScored, winner } from "./objective.js";
import { scalarOf } from "./scalar.js";
import { aimOf, type Meaning } from "./settings.js";
import * as strategies from "./strategies/index.js";
import type { Strategy } from "./strategy.js";
import type { Trial } from "./trial.js";

/** What random search would have found at a run's budget, as far as its ledger tells. */
export interface Baseline {
  /** Random draws in the ledger that it rests on: the run's first trials. */
  readonly draws: number;
  /** Trainings of the run, and as many more as its supernet's time would have given: the budget that is compared. */
  readonly budget: number;
  /** Expected best accuracy of that many random draws, 0..1. */
  readonly accuracy: number;
  /** Standard error of that. */
  readonly error: number;
  /** Whether the run's best is above it by more than two standard errors, below, or not to be told apart. */
  readonly verdict: "beats" | "not told apart" | "does not beat";
}

/** Fewer draws say too little of how accuracies spread. */
const leastDraws = 4;

/**
 * Random search at the budget of a run, from the run's own first trials where its
 * strategy draws those at random: mean + e(n) · deviation of their accuracies, with
 * e(n) the expected largest of n standard normal numbers.
 *
 * error    √(1/m + e²/(2(m - 1))) deviations for m draws: that of a normal sample's mean and deviation
 * @returns undefined where the ledger does not tell: a strategy without random draws, a schedule, draws that a proxy chose,
 *          fewer than four draws scored, or random search itself; and of a run that went by one number of its objectives
 *
 * @param before  seconds that a supernet took before the first trial
 */
export function randomBaseline(meaning: Meaning, trials: readonly Trial[], before = 0): Baseline | undefined {
  const strategy = lookup<Strategy>(strategies as never, meaning.strategy, "strategy");
  const first = strategy.randomDraws?.(meaning.strategyOptions);
  const best = winner(trials);
  if (aimOf(meaning).weight !== undefined) return undefined;
  const isScreened = meaning.warmUp !== undefined || meaning.filter !== undefined;
  if (first === undefined || isScreened || meaning.schedule !== undefined || best === undefined)
    return undefined;
  const scored = trials.filter(isScored);
  const drawn = scored.filter(({ number }) => number < first).map(({ accuracy }) => accuracy);
  if (drawn.length < leastDraws || scored.length <= drawn.length) return undefined;
  const trainings = before === 0 ? 0 : before / mean(scored.map(({ seconds }) => seconds));
  const budget = scored.length + Math.round(trainings);
  const { expected, error } = bestOf(drawn, budget);
  const accuracy = Math.min(1, expected);
  return {
    draws: drawn.length,
    budget,
    accuracy,
    error,
    verdict: verdictOf(best.accuracy - accuracy, error),
  };
}

/** The same of what is no accuracy: a proxy's scores, or the one number of a run's objectives. */
export interface RatedBaseline extends Omit<Baseline, "accuracy"> {
  /** Expected highest of that many random draws. */
  readonly score: number;
}

/** As `randomBaseline`, of a run after a proxy's score or one number of its objectives. */
export function ratedBaseline(meaning: Meaning, trials: readonly Trial[]): RatedBaseline | undefined {
  const strategy = lookup<Strategy>(strategies as never, meaning.strategy, "strategy");
  const first = strategy.randomDraws?.(meaning.strategyOptions) ?? 0;
  const rated = scoresOf(meaning, trials);
  const drawn = rated.filter(({ number }) => number < first).map(({ score }) => score);
  const isScreened = meaning.warmUp !== undefined || meaning.filter !== undefined;
  if (
    isScreened ||
    meaning.schedule !== undefined ||
    drawn.length < leastDraws ||
    rated.length <= drawn.length
  )
    return undefined;
  const { expected, error } = bestOf(drawn, rated.length);
  const lead = Math.max(...rated.map(({ score }) => score)) - expected;
  return {
    draws: drawn.length,
    budget: rated.length,
    score: expected,
    error,
    verdict: verdictOf(lead, error),
  };
}

/** Random search beside a run, by what the run goes by. */
export const baselineOf = (
  meaning: Meaning,
  trials: readonly Trial[],
  before: number,
): Baseline | RatedBaseline | undefined =>
  randomBaseline(meaning, trials, before) ?? ratedBaseline(meaning, trials);

/** What a run goes by in place of accuracy, of each trial that has it. */
function scoresOf(
  meaning: Meaning,
  trials: readonly Trial[],
): readonly { readonly number: number; readonly score: number }[] {
  const { weight, ...aim } = aimOf(meaning);
  if (weight === undefined) return trials.filter(isRated);
  const worth = scalarOf({ ...aim, weight });
  return trials.filter(isScored).map((trial) => ({ number: trial.number, score: worth(trial)! }));
}

/** The expected largest of so many draws like these, and its standard error. */
function bestOf(
  drawn: readonly number[],
  budget: number,
): { readonly expected: number; readonly error: number } {
  const spread = deviation(drawn);
  const e = expectedLargest(budget);
  return {
    expected: mean(drawn) + e * spread,
    error: spread * Math.sqrt(1 / drawn.length + e ** 2 / (2 * (drawn.length - 1))),
  };
}

const verdictOf = (lead: number, error: number): Baseline["verdict"] =>
  lead > 2 * error ? "beats" : lead < -2 * error ? "does not beat" : "not told apart";

/** Of n standard normal numbers, on average: the mean of density n φ Φⁿ⁻¹, summed in steps of 0.001. */
export function expectedLargest(n: number): number {
  const step = 0.001;
  let below = 0;
  let sum = 0;
  for (let x = -8; x < 8; x += step) {
    const middle = x + step / 2;
    const next = below + (step * Math.exp(-(middle ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    sum += middle * (next ** n - below ** n);
    below = next;
  }
  return sum;
}
