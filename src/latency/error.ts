import type { ErrorSummary } from "./target.js";

/** A latency as predicted and as measured, in milliseconds. */
export interface Pair {
  readonly predicted: number;
  readonly ms: number;
}

/** Share of networks that the interval of a prediction is meant to hold for. */
export const level = 0.9;

/** ln of how many times too slow a network was predicted. */
export const logError = ({ predicted, ms }: Pair): number => Math.log(predicted / ms);

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

export const summary = (pairs: readonly Pair[]): ErrorSummary => ({
  n: pairs.length,
  rmsLog: Math.sqrt(mean(pairs.map((pair) => logError(pair) ** 2))),
  mape: mean(pairs.map(({ predicted, ms }) => Math.abs(predicted / ms - 1))),
});

/**
 * The half width that would have held for a share `level` of errors like these,
 * the next one included: split conformal prediction's quantile, the
 * ⌈(n + 1)·level⌉-th smallest error, or the largest where n is too small for it.
 *
 * Source: Lei et al. 2018, Distribution-free predictive inference for regression, JASA 113.
 */
export function conformal(errors: readonly number[], level: number): number {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * level));
  return sorted[rank - 1]!;
}
