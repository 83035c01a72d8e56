import { mean } from "./stats.js";

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  sorted.forEach((v, i) => {
    if (!first.has(v)) first.set(v, i + 1);
    last.set(v, i + 1);
  });
  return values.map((v) => (first.get(v)! + last.get(v)!) / 2);
}

/** Spearman's rank correlation, -1..1; NaN where one side is all equal. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const centre = mean(x);
  const dot = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, v, i) => sum + (v - centre) * (q[i]! - centre), 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

/**
 * A 95 % interval of Spearman's rank correlation of `n` pairs, by Fisher's z with a deviation of
 * √((1 + r²/2) / (n - 3)); r counts as half a swap of neighbours short of 1, where it is that.
 *
 * @returns undefined with fewer than four pairs
 *
 * Source: Bonett & Wright 2000, Sample size requirements for estimating Pearson, Kendall and Spearman correlations.
 */
export function spearmanInterval(r: number, n: number): readonly [low: number, high: number] | undefined {
  if (n < 4) return undefined;
  const most = 1 - 6 / (n * (n * n - 1));
  const z = Math.atanh(Math.max(-most, Math.min(most, r)));
  const half = 1.96 * Math.sqrt((1 + r ** 2 / 2) / (n - 3));
  return [Math.tanh(z - half), Math.tanh(z + half)];
}

/** Kendall's τ-b, -1..1; NaN where one side is all equal. Quadratic time. */
export function kendall(a: readonly number[], b: readonly number[]): number {
  let [agree, untiedA, untiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)];
      agree += x * y;
      untiedA += x * x;
      untiedB += y * y;
    }
  return agree / Math.sqrt(untiedA * untiedB);
}

/**
 * A 95 % interval of Kendall's rank correlation of `n` pairs, by Fisher's z with a deviation of √(0.437 / (n - 4));
 * τ counts as half a swap of neighbours short of 1, where it is that.
 *
 * @returns undefined with fewer than five pairs
 *
 * Source: Fieller, Hartley & Pearson 1957, Tests for rank correlation coefficients, I.
 */
export function kendallInterval(tau: number, n: number): readonly [low: number, high: number] | undefined {
  if (n < 5) return undefined;
  const most = 1 - 2 / (n * (n - 1));
  const z = Math.atanh(Math.max(-most, Math.min(most, tau)));
  const half = 1.96 * Math.sqrt(0.437 / (n - 4));
  return [Math.tanh(z - half), Math.tanh(z + half)];
}
