import assert from "node:assert/strict";
import { test } from "node:test";
import { excess, goalOf, mostAccurate } from "../../src/search/goal.js";
import { failed, scored } from "./trials.js";

test("objectives are numbers to be made small, in the order they are named", () => {
  const trial = scored({
    number: 0,
    accuracy: 0.75,
    latencyMs: 2,
    params: 30,
    macs: 40,
    peakActivationBytes: 50,
  });
  const goal = goalOf(["latency", "accuracy", "params", "macs", "memory"], {});
  assert.deepEqual(goal.objectives(trial), [2, 0.25, 30, 40, 50]);
  assert.deepEqual(mostAccurate.objectives(failed(0)), [Number.POSITIVE_INFINITY]);
});

test("the violation is the sum of what is over each limit, as a share of it", () => {
  const limits = { latencyMs: 2, params: 100, macs: 1000 };
  assert.equal(excess({ latencyMs: 3, params: 150, macs: 10 }, limits), 1);
  assert.equal(excess({ latencyMs: 2, params: 100 }, limits), 0);
  const { violation } = goalOf(["accuracy"], limits);
  assert.equal(violation(scored({ number: 0, latencyMs: 2.5 })), 0.25);
  assert.equal(violation(failed(1)), Number.POSITIVE_INFINITY);
  const skipped = { ...failed(2), status: "skipped" as const };
  assert.ok(violation(skipped) > 0, "what was skipped is never within the limits");
});
