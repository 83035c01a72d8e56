import assert from "node:assert/strict";
import { test } from "node:test";
import { winner } from "../../src/search/objective.js";
import { betterOf, goalFor, scalarOf } from "../../src/search/scalar.js";
import type { Aim } from "../../src/search/settings.js";
import { failed, scored } from "./trials.js";

const aim = {
  objectives: ["accuracy", "latency"],
  limits: {},
  reference: [1, 75],
  weight: 0.07,
} as const satisfies Aim;
const near = (found: number | null, expected: number) =>
  assert.ok(Math.abs(found! - expected) < 5e-7, `${found}, not ${expected}`);

test("one number of accuracy and latency is MnasNet's soft reward", () => {
  for (const [latencyMs, expected] of [
    [38, 0.786558],
    [60, 0.761807],
    [75, 0.75],
    [78, 0.747944],
    [100, 0.735048],
    [150, 0.714478],
  ] as const)
    near(scalarOf(aim)(scored({ number: 0, accuracy: 0.75, latencyMs })), expected);
  assert.equal(scalarOf(aim)(failed(1)), null);
});

test("every cost beside accuracy counts, as a share of its own reference", () => {
  const three = { ...aim, objectives: ["accuracy", "latency", "energy"], reference: [1, 75, 4] } as const;
  near(scalarOf(three)(scored({ number: 0, accuracy: 0.75, latencyMs: 75, energyMj: 8 })), 0.75 * 2 ** -0.07);
});

test("the winner is the most accurate, or with a weight the one worth most; a failure never", () => {
  const trials = [
    scored({ number: 0, accuracy: 0.75, latencyMs: 150 }),
    scored({ number: 1, accuracy: 0.74, latencyMs: 75 }),
    failed(2),
  ];
  const { weight: _, ...plain } = aim;
  assert.equal(winner(trials, betterOf(plain))?.number, 0);
  assert.equal(winner(trials, betterOf(aim))?.number, 1);
});

test("the goal of a run with a weight ranks by it, and has it for its only objective", () => {
  const goal = goalFor(aim, { latencyMs: 100 });
  const [slow, fast] = [
    scored({ number: 0, accuracy: 0.75, latencyMs: 150 }),
    scored({ number: 1, accuracy: 0.74, latencyMs: 75 }),
  ];
  assert.equal(goal.better(fast, slow), true);
  near(-goal.objectives(fast)[0]!, 0.74);
  assert.equal(goal.objectives(fast).length, 1);
  assert.deepEqual(goal.objectives(failed(2)), [Number.POSITIVE_INFINITY]);
  assert.equal(goal.violation(slow), 0.5);
  const { weight: _, ...plain } = aim;
  assert.deepEqual(goalFor(plain, {}).objectives(fast), [0.26, 75]);
});
