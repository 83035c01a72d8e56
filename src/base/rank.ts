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
