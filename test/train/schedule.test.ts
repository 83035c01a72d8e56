import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { learningRateAt } from "../../src/train/schedule.js";

test("ten steps without warm-up are half a cosine", () => {
  const rates = Array.from({ length: 10 }, (_, step) => learningRateAt(step, 10, 2, 0));
  assert.equal(rates[0], 2);
  assert.ok(Math.abs(rates[5]! - 1) < 1e-12);
  assert.ok(Math.abs(rates[9]! - (1 + Math.cos(0.9 * Math.PI))) < 1e-12);
});

test("warm-up is linear and ends at the peak", () => {
  const rates = [0, 1, 2, 3].map((step) => learningRateAt(step, 20, 0.4, 0.15));
  for (const [i, rate] of rates.entries()) assert.ok(Math.abs(rate - 0.1 * (i + 1)) < 1e-12);
});

test("rates are above 0, at most the peak, and rise, then fall", () => {
  const cases = fc.record({
    steps: fc.integer({ min: 1, max: 500 }),
    warmUp: fc.double({ min: 0, max: 0.9, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ steps, warmUp }) => {
      const rates = Array.from({ length: steps }, (_, step) => learningRateAt(step, steps, 0.1, warmUp));
      const top = rates.indexOf(Math.max(...rates));
      rates.forEach((rate, i) => {
        assert.ok(rate > 0 && rate <= 0.1);
        if (i > 0) assert.ok(i <= top ? rate >= rates[i - 1]! : rate <= rates[i - 1]!);
      });
    }),
  );
});
