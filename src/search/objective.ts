import type { Told, Trial } from "./trial.js";

export type Scored = Extract<Trial, { status: "scored" }>;

export const isScored = <T extends Told>(
  trial: T,
): trial is T & { readonly status: "scored"; readonly accuracy: number } => trial.status === "scored";

/** Scored before not; then the longer trained, the more accurate, the faster, the earlier. */
export function better(a: Told, b: Told): boolean {
  if (isScored(a) !== isScored(b)) return isScored(a);
  if (isScored(a) && isScored(b)) {
    const longer = (a.askedEpochs ?? 0) - (b.askedEpochs ?? 0);
    if (longer !== 0) return longer > 0;
    if (a.accuracy !== b.accuracy) return a.accuracy > b.accuracy;
    if (a.latencyMs !== undefined && b.latencyMs !== undefined && a.latencyMs !== b.latencyMs)
      return a.latencyMs < b.latencyMs;
  }
  return a.number < b.number;
}

/** The best scored trial, if any. */
export const winner = (trials: readonly Trial[]): Scored | undefined =>
  trials
    .filter(isScored)
    .reduce<Scored | undefined>((best, t) => (best === undefined || better(t, best) ? t : best), undefined);

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
