import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kendall, kendallInterval, spearman } from "../../src/base/rank.js";

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
