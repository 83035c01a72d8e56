import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kendall, kendallInterval, spearman, spearmanInterval } from "../../src/base/rank.js";
import { stream } from "../../src/base/rng.js";

const near = (got: number, want: number) => assert.ok(Math.abs(got - want) < 1e-12, `${got} is not ${want}`);

test("both are 1 for any rising map, -1 for any falling one, and do not care which side comes first", () => {
  const values = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, (a) => {
      for (const of of [spearman, kendall]) {
        near(
          of(
            a,
            a.map((v) => v ** 3 + v),
          ),
          1,
        );
        near(
          of(
            a,
            a.map((v) => -2 * v),
          ),
          -1,
        );
        const b = a.map((v) => v % 7);
        if (new Set(b).size > 1) near(of(a, b), of(b, a));
      }
    }),
  );
});

test("worked out by hand, with ties", () => {
  near(spearman([1, 2, 3, 4], [1, 3, 2, 4]), 0.8);
  near(kendall([1, 2, 3, 4], [1, 3, 2, 4]), 4 / 6);
  near(spearman([1, 2, 2, 4], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5));
  near(kendall([1, 2, 2, 4], [1, 2, 3, 4]), 5 / Math.sqrt(5 * 6));
});

test("there is none where one side is all equal", () => {
  assert.ok(Number.isNaN(spearman([1, 1, 1], [1, 2, 3])));
  assert.ok(Number.isNaN(kendall([1, 1, 1], [1, 2, 3])));
});

test("the interval of Kendall's correlation is Fieller's, holds it, and needs five pairs", () => {
  assert.equal(kendallInterval(0.5, 4), undefined);
  const [low, high] = kendallInterval(0.5, 23)!;
  near(low, Math.tanh(Math.atanh(0.5) - 1.96 * Math.sqrt(0.023)));
  near(high, Math.tanh(Math.atanh(0.5) + 1.96 * Math.sqrt(0.023)));
  const [least, most] = kendallInterval(1, 10)!;
  assert.ok(least > 0 && least < 1 && most < 1 && most > 0.97, "1 is not taken for certain");
});

test("Spearman's interval holds the correlation of the whole in 19 of 20 samples, or nearly", () => {
  for (const [rho, n] of [
    [0, 10],
    [0.6, 10],
    [0.9, 25],
  ] as const) {
    const whole = (6 / Math.PI) * Math.asin(rho / 2);
    const samples = 2000;
    const held = Array.from({ length: samples }, (_, seed) => {
      const rng = stream(seed, "spearman", n);
      const a = Array.from({ length: n }, () => rng.normal());
      const b = a.map((v) => rho * v + Math.sqrt(1 - rho ** 2) * rng.normal());
      const [low, high] = spearmanInterval(spearman(a, b), n)!;
      return low <= whole && whole <= high;
    }).filter(Boolean).length;
    assert.ok(held / samples > 0.92 && held / samples < 0.985, `${rho}, ${n}: ${held / samples}`);
  }
  assert.equal(spearmanInterval(0.5, 3), undefined);
  const [low, high] = spearmanInterval(1, 10)!;
  assert.ok(low > 0.8 && high < 1, `[${low}, ${high}]`);
});
