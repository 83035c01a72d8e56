import {
  better,
  isRated,
  isScored,
  longestTrained,
  paretoFront,
  type Rated,
  type Scored,
} from "./objective.js";
import { dominates } from "./pareto.js";
import type { Told, Trial } from "./trial.js";

/** Most a network may need, by the estimate; what is left out is not limited. */
export interface Limits {
  readonly latencyMs?: number;
  readonly params?: number;
  readonly macs?: number;
  readonly peakActivationBytes?: number;
  readonly energyMj?: number;
}

/** What a network's limits are about. */
export type Estimate = { readonly [K in keyof Limits]-?: number };

const errorOf = (trial: Told): number => (isScored(trial) ? 1 - trial.accuracy : Number.POSITIVE_INFINITY);
const of =
  (name: keyof Limits) =>
  (trial: Told): number =>
    trial[name] ?? Number.POSITIVE_INFINITY;

/** What a search can be after: each as a number to be made small. */
export const objectives = {
  accuracy: errorOf,
  score: (trial: Told): number => (trial.score == null ? Number.POSITIVE_INFINITY : -trial.score),
  latency: of("latencyMs"),
  params: of("params"),
  macs: of("macs"),
  memory: of("peakActivationBytes"),
  energy: of("energyMj"),
} as const;

export type Objective = keyof typeof objectives;

/** Objectives that are known of a network before any training. */
export type CostObjective = Exclude<Objective, "accuracy" | "score">;

/** What a search is after, as strategies see it. */
export interface Goal {
  readonly limits: Limits;
  /** Whether a is the better answer: by accuracy, or what stands for it, then latency, then age. */
  better(a: Told, b: Told): boolean;
  /** Each to be made small. */
  objectives(trial: Told): readonly number[];
  /** By how much limits are exceeded, each as a share of itself, summed: 0 within all; infinite when it failed. */
  violation(trial: Told): number;
}

/** By how much an estimate exceeds the limits: the sum of excess / limit. */
export const excess = (estimate: { readonly [K in keyof Limits]?: number | null }, limits: Limits): number =>
  Object.entries(limits).reduce(
    (sum, [name, limit]) => sum + Math.max(0, (estimate[name as keyof Limits] ?? 0) / limit - 1),
    0,
  );

const inWords: { readonly [K in keyof Limits]-?: (value: number, limit: number) => string } = {
  latencyMs: (ms, limit) => `${ms.toFixed(3)} ms is over the limit of ${limit} ms`,
  params: (params, limit) => `${params} params are over the limit of ${limit}`,
  macs: (macs, limit) => `${macs} MACs are over the limit of ${limit}`,
  peakActivationBytes: (bytes, limit) => `${bytes} bytes of activations are over the limit of ${limit}`,
  energyMj: (mj, limit) => `${mj.toFixed(3)} mJ by the energy proxy are over the limit of ${limit} mJ`,
};

/** What of an estimate is over its limit, in words: `1.500 ms is over the limit of 1 ms`. */
export const overLimits = (estimate: Estimate, limits: Limits): readonly string[] =>
  (Object.keys(inWords) as (keyof Limits)[]).flatMap((name) => {
    const limit = limits[name];
    return limit === undefined || estimate[name] <= limit ? [] : [inWords[name](estimate[name], limit)];
  });

/**
 * Of the trials trained longest those that no other dominates in these objectives, by the last of them; of
 * equals the earliest. With accuracy alone: in accuracy and latency.
 */
export const frontOf = (trials: readonly Trial[], names: readonly Objective[]): readonly Scored[] =>
  names.length < 2 ? paretoFront(trials) : nonDominated(longestTrained(trials), names);

/** The same of the trials that a proxy rated; with its score alone: in score and latency. */
export const ratedFront = (trials: readonly Trial[], names: readonly Objective[]): readonly Rated[] =>
  nonDominated(trials.filter(isRated), names.length < 2 ? ["score", "latency"] : names);

function nonDominated<T extends Trial>(trials: readonly T[], names: readonly Objective[]): readonly T[] {
  const point = goalOf(names, {}).objectives;
  const placed = trials.map((trial) => ({ trial, at: point(trial) }));
  const last = names.length - 1;
  return placed
    .filter(
      (a, i) =>
        !placed.some(
          (b, j) => dominates(b.at, a.at) || (j < i && b.at.every((value, axis) => value === a.at[axis])),
        ),
    )
    .sort((a, b) => a.at[last]! - b.at[last]! || a.trial.number - b.trial.number)
    .map(({ trial }) => trial);
}

/**
 * A goal of these objectives, the first one foremost, under these limits.
 *
 * Source of the violation: Deb 2000, An efficient constraint handling method for genetic algorithms.
 */
export const goalOf = (names: readonly Objective[], limits: Limits): Goal => ({
  limits,
  better,
  objectives: (trial) => names.map((name) => objectives[name](trial)),
  violation: (trial) => {
    if (trial.status === "failed") return Number.POSITIVE_INFINITY;
    const over = excess(trial, limits);
    return trial.status === "skipped" ? Math.max(over, Number.MIN_VALUE) : over;
  },
});

/** The most accurate network, no limits. */
export const mostAccurate: Goal = goalOf(["accuracy"], {});
