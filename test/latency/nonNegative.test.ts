import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nonNegative } from "../../src/latency/nonNegative.js";

type Matrix = readonly (readonly number[])[];

/** AᵀA and Aᵀy. */
const normal = (a: Matrix, y: readonly number[]) => ({
  a: a[0]!.map((_, i) => a[0]!.map((_, j) => a.reduce((sum, row) => sum + row[i]! * row[j]!, 0))),
  b: a[0]!.map((_, i) => a.reduce((sum, row, k) => sum + row[i]! * y[k]!, 0)),
});

test("a solution without negative numbers is the ordinary one", () => {
  const { a, b } = normal(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [1, 3, 5],
  );
  nonNegative(a, b).forEach((x, i) => {
    assert.ok(Math.abs(x - [1, 2][i]!) < 1e-12, `${x}`);
  });
});

test("a number that would be negative is 0, and the others are fitted without it", () => {
  const { a, b } = normal(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [5, 3, 1],
  );
  nonNegative(a, b).forEach((x, i) => {
    assert.ok(Math.abs(x - [3, 0][i]!) < 1e-12, `${x}`);
  });
});

test("no solution can be bettered: where x is above 0 the slope is 0, elsewhere x would have to fall", () => {
  const rows = fc.array(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 }), {
    minLength: 6,
    maxLength: 10,
  });
  fc.assert(
    fc.property(rows, fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 10, maxLength: 10 }), (m, y) => {
      const { a, b } = normal(m, y);
      const ridged = a.map((row, i) => row.map((v, j) => (i === j ? v + 1 : v)));
      const x = nonNegative(ridged, b);
      for (const [i, value] of x.entries()) {
        const slope = b[i]! - ridged[i]!.reduce((sum, v, j) => sum + v * x[j]!, 0);
        assert.ok(value >= 0);
        assert.ok(value > 0 ? Math.abs(slope) < 1e-6 : slope < 1e-6, `${slope} at ${value}`);
      }
    }),
  );
});
