import assert from "node:assert/strict";
import { test } from "node:test";
import { hard, mnas, soft, tunas } from "../../src/search/reward.js";

const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 5e-7, `${found}, not ${expected}`);

test("MnasNet's soft reward of 75 % at six latencies around a target of 75 ms", () => {
  for (const [ms, expected] of [
    [38, 0.786558],
    [60, 0.761807],
    [75, 0.75],
    [78, 0.747944],
    [100, 0.735048],
    [150, 0.714478],
  ] as const)
    near(mnas(0.75, ms, 75, soft), expected);
});

test("MnasNet's hard reward is accuracy alone within the target, and in proportion less over it", () => {
  assert.equal(mnas(0.75, 38, 75, hard), 0.75);
  assert.equal(mnas(0.75, 75, 75, hard), 0.75);
  assert.equal(mnas(0.75, 150, 75, hard), 0.375);
});

test("TuNAS' absolute reward takes off as much for half as for one and a half times the target", () => {
  assert.equal(tunas(0.75, 75, 75), 0.75);
  near(tunas(0.75, 37.5, 75), 0.7);
  near(tunas(0.75, 112.5, 75), 0.7);
  near(tunas(0.75, 150, 75, -0.2), 0.55);
});
