import type { Visit } from "./job.js";

/** The value below which a share of the sorted values lies, nearest rank. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/**
 * Whether the median of the times is known to 2 %: its 95 % interval by order statistics,
 * the ranks n/2 ± 0.98·√n, is as narrow as that.
 */
export function isKnown(times: readonly number[]): boolean {
  const n = times.length;
  const reach = 0.98 * Math.sqrt(n);
  if (n / 2 - reach < 1) return false;
  const sorted = ascending(times);
  const low = sorted[Math.floor(n / 2 - reach)]!;
  const high = sorted[Math.min(n - 1, Math.ceil(n / 2 + reach))]!;
  return high - low <= 0.02 * sorted[Math.floor(n / 2)]!;
}

/** What the times of a session come to. */
export function visitOf(times: readonly number[]): Visit {
  const sorted = ascending(times);
  return {
    ms: quantile(sorted, 0.1),
    count: times.length,
    spreadMs: quantile(sorted, 0.75) - quantile(sorted, 0.25),
  };
}
