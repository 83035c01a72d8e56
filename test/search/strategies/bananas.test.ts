import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { analytic } from "../../../src/search/benchmarks/analytic.js";
import { mostAccurate } from "../../../src/search/goal.js";
import { search } from "../../../src/search/search.js";
import { bananas } from "../../../src/search/strategies/bananas.js";
import type { Told } from "../../../src/search/trial.js";
import { noMoves } from "../trials.js";

const benchmark = analytic.open({});
const options = bananas.defaults(100);
const told = ({ number, genome }: { number: number; genome: string }): Told => ({
  number,
  genome,
  status: "scored",
  accuracy: benchmark.evaluate(genome).accuracy,
});
const plan = (trials: number, ahead: number, seed: number) => ({
  strategy: bananas,
  options,
  seed,
  trials,
  ahead,
  draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
  evaluate: async (question: { number: number; genome: string }) => told(question),
});

for (const ahead of [1, 7])
  test(`bananas asks no network twice, ${ahead} at a time`, async () => {
    const asked: string[] = [];
    for await (const { genome } of search(plan(120, ahead, 3))) asked.push(genome);
    assert.equal(new Set(asked).size, 120);
  });

test("bananas asks better networks once it has learnt from the first twenty", async () => {
  const found: number[] = [];
  for await (const { accuracy } of search(plan(100, 1, 4))) found.push(accuracy!);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  assert.ok(mean(found.slice(-30)) > mean(found.slice(0, 20)) + 0.05);
});

test("each question draws anew from what the ensemble says, so the likeliest is asked the most", () => {
  const proposals = [
    { genome: "good", mean: 0.9, deviation: 0.01 },
    { genome: "perhaps", mean: 0.88, deviation: 0.02 },
    { genome: "bad", mean: 0.5, deviation: 0.01 },
  ];
  const state = { ...bananas.init(options), proposals };
  const asked = { good: 0, perhaps: 0, bad: 0 };
  for (let n = 0; n < 2000; n++) {
    const context = { ...mostAccurate, moves: noMoves, rng: stream(n), pending: [] };
    asked[bananas.ask(state, context, options) as keyof typeof asked]++;
  }
  // The difference of two normal numbers: mean 0.02, deviation √0.0005; below zero with 18.6 %.
  assert.ok(Math.abs(asked.perhaps / 2000 - 0.186) < 0.03, `${asked.perhaps}`);
  assert.equal(asked.bad, 0);
  const pending = [{ genome: "good" }];
  const context = { ...mostAccurate, moves: noMoves, rng: stream(1), pending };
  assert.equal(bananas.ask(state, context, options), "perhaps");
});

test("the ensemble is fitted after the first twenty and then after every ten, and never without an accuracy", () => {
  const known = { ...mostAccurate, moves: benchmark.moves };
  const bases = (tell: (number: number, genome: string) => Told) => {
    let state = bananas.init(options);
    return Array.from({ length: 45 }, (_, number) => {
      state = bananas.tell(state, tell(number, benchmark.moves.sample(stream(1, number))), known, options);
      return state.basis;
    });
  };
  const seen = bases((number, genome) => told({ number, genome }));
  assert.deepEqual([seen[18], seen[19], seen[28], seen[29], seen[39], seen[44]], [0, 20, 20, 30, 40, 40]);
  assert.ok(
    bases((number, genome) => ({ number, genome, status: "failed", accuracy: null })).every((n) => n === 0),
  );
});

test("options that make no sense are refused", () => {
  assert.throws(() => bananas.check({ ...options, parents: 0 }), /parents is 0/);
  assert.throws(() => bananas.check({ ...options, encoding: "pathh" }), /unknown encoding "pathh"/);
});
