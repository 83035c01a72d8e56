import type { Told, Trial } from "./trial.js";

export type Scored = Extract<Trial, { status: "scored" }>;

/** Not trained, but ranked by a proxy. */
export type Rated = Extract<Trial, { status: "rated" }>;

export const isRated = (trial: Trial): trial is Rated => trial.status === "rated";

export const isScored = <T extends Told>(
  trial: T,
): trial is T & { readonly status: "scored"; readonly accuracy: number } => trial.status === "scored";

/** How good an answer is, of answers of one kind: its accuracy, or the proxy's score of a trial that is rated; null without. */
const worth = ({ accuracy, score }: Told): number | null => accuracy ?? score ?? null;

/** What is worth anything before what is not; then the longer trained, the more worth, the faster, the earlier. */
export const betterBy =
  (worth: (trial: Told) => number | null) =>
  (a: Told, b: Told): boolean => {
    const [of, than] = [worth(a), worth(b)];
    if ((of === null) !== (than === null)) return of !== null;
    if (of !== null && than !== null) {
      const longer = (a.askedEpochs ?? 0) - (b.askedEpochs ?? 0);
      if (longer !== 0) return longer > 0;
      if (of !== than) return of > than;
      if (a.latencyMs !== undefined && b.latencyMs !== undefined && a.latencyMs !== b.latencyMs)
        return a.latencyMs < b.latencyMs;
    }
    return a.number < b.number;
  };

/** Scored or rated before not; then the longer trained, the more accurate or higher rated, the faster, the earlier. */
export const better = betterBy(worth);

/** The best scored trial, if any. */
export const winner = (trials: readonly Trial[], isBetter = better): Scored | undefined =>
  trials
    .filter(isScored)
    .reduce<Scored | undefined>((best, t) => (best === undefined || isBetter(t, best) ? t : best), undefined);

/** The trial that a proxy rates highest, if it rates any. */
export const highestRated = (trials: readonly Trial[]): Rated | undefined =>
  trials
    .filter(isRated)
    .reduce<Rated | undefined>((best, t) => (best === undefined || better(t, best) ? t : best), undefined);

/** Of the scored trials those trained longest: only they compare. */
export function longestTrained(trials: readonly Trial[]): readonly Scored[] {
  const scored = trials.filter(isScored);
  const most = Math.max(...scored.map((trial) => trial.askedEpochs ?? 0));
  return scored.filter((trial) => (trial.askedEpochs ?? 0) === most);
}

/** Of the trials trained longest those no other beats in accuracy and latency at once, fastest first; of equals the earliest. */
export function paretoFront(trials: readonly Trial[]): readonly Scored[] {
  const byLatency = longestTrained(trials).toSorted(
    (a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy || a.number - b.number,
  );
  let best = Number.NEGATIVE_INFINITY;
  return byLatency.filter((trial) => {
    if (trial.accuracy <= best) return false;
    best = trial.accuracy;
    return true;
  });
}
