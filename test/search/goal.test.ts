import assert from "node:assert/strict";
import { test } from "node:test";
import { excess, frontOf, goalOf, mostAccurate, overLimits, ratedFront } from "../../src/search/goal.js";
import { better, highestRated, winner } from "../../src/search/objective.js";
import { tradeOff } from "../../src/search/tradeOff.js";
import { failed, rated, scored } from "./trials.js";

test("what is over its limit is said, each in its unit; what is on it is not over", () => {
  const estimate = { latencyMs: 1.5, params: 120, macs: 1000, peakActivationBytes: 4096, energyMj: 2.5 };
  assert.deepEqual(
    overLimits(estimate, { latencyMs: 1, params: 100, macs: 1000, peakActivationBytes: 4000, energyMj: 2 }),
    [
      "1.500 ms is over the limit of 1 ms",
      "120 params are over the limit of 100",
      "4096 bytes of activations are over the limit of 4000",
      "2.500 mJ by the energy proxy are over the limit of 2 mJ",
    ],
  );
  assert.deepEqual(overLimits(estimate, {}), []);
});

test("the front is of the objectives named; with accuracy alone it is of accuracy and latency", () => {
  const point = (number: number, accuracy: number, latencyMs: number, params: number) =>
    scored({ number, accuracy, latencyMs, params });
  const trials = [
    point(0, 0.5, 1, 30),
    point(1, 0.6, 2, 20),
    point(2, 0.6, 2, 10),
    failed(3),
    point(4, 0.4, 3, 5),
    point(5, 0.6, 2, 10),
  ];
  const numbers = (names: Parameters<typeof frontOf>[1]) => frontOf(trials, names).map((t) => t.number);
  assert.deepEqual(numbers(["accuracy", "params"]), [4, 2]);
  assert.deepEqual(numbers(["accuracy", "latency", "params"]), [4, 2, 0]);
  assert.deepEqual(numbers(["accuracy"]), [0, 1]);
});

test("the trade-off has the front's share of the reference box and its knee", () => {
  const point = (number: number, accuracy: number, latencyMs: number) =>
    scored({ number, accuracy, latencyMs });
  const aim = { objectives: ["accuracy", "latency"] as const, limits: {}, reference: [1, 10] };
  const found = tradeOff([point(0, 0.5, 2), point(1, 0.75, 6), point(2, 0.7, 2.5), failed(3)], aim)!;
  assert.deepEqual(
    found.front.map((t) => t.number),
    [0, 2, 1],
  );
  assert.equal(found.knee.number, 2);
  assert.ok(Math.abs(found.hypervolume - (0.5 * 0.5 + 7.5 * 0.2 + 0.05 * 4 + 7.5 * 0.5) / 10) < 1e-12);
  assert.equal(tradeOff([failed(0)], aim), undefined);
  assert.equal(tradeOff([point(0, 0.5, 2)], { ...aim, objectives: ["accuracy"], reference: [1] }), undefined);
});

test("objectives are numbers to be made small, in the order they are named", () => {
  const trial = scored({
    number: 0,
    accuracy: 0.75,
    latencyMs: 2,
    params: 30,
    macs: 40,
    peakActivationBytes: 50,
    energyMj: 60,
  });
  const goal = goalOf(["latency", "accuracy", "params", "macs", "memory", "energy"], {});
  assert.deepEqual(goal.objectives(trial), [2, 0.25, 30, 40, 50, 60]);
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

test("a score is to be made large, an answer that has one is better than none, and it makes no winner by accuracy", () => {
  const goal = goalOf(["score", "latency"], {});
  assert.deepEqual(goal.objectives(rated(0, 12, { latencyMs: 2 })), [-12, 2]);
  assert.deepEqual(goal.objectives(failed(1)).slice(0, 1), [Number.POSITIVE_INFINITY]);
  assert.ok(better(rated(5, -3), rated(2, -4)) && !better(rated(2, -4), rated(5, -3)));
  assert.ok(better(rated(5, -3), failed(1)) && better(rated(1, 4), rated(2, 4)));
  const trials = [failed(0), rated(1, 4), rated(2, 7), rated(3, 5)];
  assert.equal(highestRated(trials)?.number, 2);
  assert.equal(winner(trials), undefined);
  assert.equal(highestRated([failed(0), scored({ number: 1 })]), undefined);
});

test("the front of rated trials is of score and costs, by the last cost; of equals the earliest", () => {
  const trials = [
    rated(0, 5, { latencyMs: 2, params: 9 }),
    rated(1, 4, { latencyMs: 1, params: 9 }),
    rated(2, 4, { latencyMs: 1.5, params: 1 }),
    rated(3, 5, { latencyMs: 2, params: 9 }),
    failed(4),
  ];
  const front = (...names: Parameters<typeof ratedFront>[1]) =>
    ratedFront(trials, names).map((t) => t.number);
  assert.deepEqual(front("score"), [1, 0]);
  assert.deepEqual(front("score", "latency"), [1, 0]);
  assert.deepEqual(front("score", "params"), [2, 0]);
  assert.deepEqual(front("score", "latency", "params"), [2, 0, 1]);
  assert.deepEqual(frontOf(trials, ["accuracy", "latency"]), []);
});
