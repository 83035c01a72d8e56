import wilcoxon from "@stdlib/stats-wilcoxon";

/**
 * Two-sided p of Wilcoxon's signed-rank test: how likely pairs differ as much by
 * chance alone. 1 where no pair differs.
 *
 * Pairs without difference are left out; ties get mean ranks; exact up to 50 pairs
 * without either, else normal with continuity correction.
 *
 * Source: Wilcoxon 1945; Demšar 2006, Statistical comparisons of classifiers, for its use.
 */
export function signedRankP(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, i) => value - b[i]!).filter((difference) => difference !== 0);
  if (differences.length === 0) return 1;
  if (differences.length === 1) return 1; // one pair says nothing, and the library takes no fewer than two
  return Math.min(1, wilcoxon(differences).pValue);
}

/**
 * Holm's step-down correction: p values for so many tests that the chance of any
 * false alarm stays what one test's would be.
 *
 * Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 */
export function holm(p: readonly number[]): readonly number[] {
  const order = [...p.keys()].sort((i, j) => p[i]! - p[j]!);
  const corrected = p.map(() => 1);
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, (p.length - rank) * p[i]!));
    corrected[i] = most;
  }
  return corrected;
}
