import { solve } from "./solve.js";

const squares = (values: readonly number[]) => values.reduce((sum, v) => sum + v * v, 0);

/**
 * The parameters at which the sum of squared residuals is least near `start`.
 * Deterministic; derivatives are central differences.
 *
 * @param residuals  of parameters; at least as many as there are parameters, and of full rank
 *
 * Source: Marquardt 1963, J. SIAM 11(2).
 */
export function leastSquares(
  residuals: (at: readonly number[]) => readonly number[],
  start: readonly number[],
): number[] {
  const step = 1e-5;
  let at = [...start];
  let now = residuals(at);
  let damping = 1e-2;
  for (let round = 0; round < 200 && damping < 1e12; round++) {
    const columns = at.map((_, j) => {
      const moved = (by: number) => residuals(at.map((v, k) => (k === j ? v + by : v)));
      const up = moved(step);
      const down = moved(-step);
      return up.map((v, i) => (v - down[i]!) / (2 * step));
    });
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    const normal = columns.map((a) => columns.map((b) => dot(a, b)));
    const slope = columns.map((a) => -dot(a, now));
    let improved = false;
    while (!improved && damping < 1e12) {
      const damped = normal.map((row, i) => row.map((v, j) => (i === j ? v * (1 + damping) : v)));
      const by = solve(damped, slope);
      const next = at.map((v, i) => v + by[i]!);
      const then = residuals(next);
      improved = squares(then) < squares(now);
      damping *= improved ? 0.3 : 4;
      if (!improved) continue;
      const gain = squares(now) - squares(then);
      at = next;
      now = then;
      if (gain < 1e-14 * squares(now)) return at;
    }
  }
  return at;
}
