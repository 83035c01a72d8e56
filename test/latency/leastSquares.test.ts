import assert from "node:assert/strict";
import { test } from "node:test";
import { leastSquares } from "../../src/latency/leastSquares.js";

function near(got: readonly number[], want: readonly number[], by: number): void {
  for (const [i, v] of got.entries()) assert.ok(Math.abs(v - want[i]!) < by, `${got} is not ${want}`);
}

test("a line through four points is the one of the normal equations", () => {
  const points = [
    [0, 1],
    [1, 2],
    [2, 2],
    [3, 5],
  ] as const;
  const found = leastSquares(([a, b]) => points.map(([x, y]) => a! + b! * x - y), [0, 0]);
  near(found, [0.7, 1.2], 1e-7);
});

test("Rosenbrock's valley is followed to its end", () => {
  near(
    leastSquares(([x, y]) => [10 * (y! - x! * x!), 1 - x!], [-1.2, 1]),
    [1, 1],
    1e-6,
  );
});

test("a start at the solution stays there", () => {
  near(
    leastSquares(([x]) => [x! - 3, 0], [3]),
    [3],
    1e-12,
  );
});
