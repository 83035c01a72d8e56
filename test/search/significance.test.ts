import assert from "node:assert/strict";
import { test } from "node:test";
import { holm, signedRankP } from "../../src/search/significance.js";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 1e-9, `${found}, not ${expected}`);

test("the signed-rank p of nine pairs is that of the exact distribution", () => {
  // Hollander & Wolfe 1973, depression scale factors: V = 40 of 45; 10 of the 512 sign patterns reach it.
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  near(signedRankP(before, after), 20 / 512);
  near(signedRankP(after, before), 20 / 512);
});

test("no difference, or one pair only, shows nothing", () => {
  assert.equal(signedRankP([1, 2, 3], [1, 2, 3]), 1);
  assert.equal(signedRankP([1, 2, 3], [1, 2, 4]), 1);
});

test("Holm's correction multiplies the smallest p the most, and keeps their order", () => {
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries()) near(corrected[i]!, expected);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([]), []);
});
