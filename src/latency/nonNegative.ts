import { solve } from "./solve.js";

/**
 * The x, none below 0, at which |A·x - y|² is least, from the normal equations.
 *
 * @param a  AᵀA, positive definite
 * @param b  Aᵀy
 *
 * Source: Lawson & Hanson 1974, Solving Least Squares Problems, algorithm 23.10 (NNLS).
 */
export function nonNegative(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const free = new Set<number>();
  let x = b.map(() => 0);
  const slope = (i: number) => b[i]! - a[i]!.reduce((sum, v, j) => sum + v * x[j]!, 0);
  const least = 1e-9 * Math.max(...b.map(Math.abs));
  for (;;) {
    const held = b.map((_, i) => i).filter((i) => !free.has(i));
    const rising = held.map((i) => [slope(i), i] as const).filter(([by]) => by > least);
    if (rising.length === 0) return x;
    free.add(rising.reduce((most, next) => (next[0] > most[0] ? next : most))[1]);
    for (;;) {
      const among = [...free];
      const best = solve(
        among.map((i) => among.map((j) => a[i]![j]!)),
        among.map((i) => b[i]!),
      );
      const steps = among.map((i, k) => (best[k]! > 0 ? 1 : x[i]! / (x[i]! - best[k]!)));
      const step = Math.min(...steps);
      const next = [...x];
      among.forEach((i, k) => {
        next[i] = step === 1 ? best[k]! : x[i]! + step * (best[k]! - x[i]!);
      });
      x = next;
      if (step === 1) break;
      among.forEach((i, k) => {
        if (steps[k]! > step) return;
        free.delete(i);
        x[i] = 0;
      });
    }
  }
}
