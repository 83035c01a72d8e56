import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { showRatedBaseline } from "../../src/report/rated.js";
import { showBaseline } from "../../src/report/search.js";
import { baselineOf, expectedLargest, randomBaseline, ratedBaseline } from "../../src/search/baseline.js";
import type { Meaning } from "../../src/search/settings.js";
import { failed, rated, scored } from "./trials.js";

const aging = { strategy: "aging", strategyOptions: { population: 5, tournament: 2 } } as unknown as Meaning;
const trials = (accuracies: readonly number[]) =>
  accuracies.map((accuracy, number) => scored({ number, accuracy }));
const drawn = [0.4, 0.42, 0.44, 0.46, 0.48];

test("the expected largest of normal numbers is that of the tables", () => {
  for (const [n, table] of [
    [1, 0],
    [2, 0.56419],
    [5, 1.16296],
    [16, 1.76599],
    [100, 2.50759],
  ] as const)
    assert.ok(Math.abs(expectedLargest(n) - table) < 1e-4, `${n}: ${expectedLargest(n)}`);
});

test("random search at the same budget is estimated from the run's own draws", () => {
  const found = randomBaseline(aging, trials([...drawn, 0.7, 0.7, 0.7, 0.7, 0.7]))!;
  const spread = Math.sqrt(0.001);
  const e = expectedLargest(10);
  assert.ok(Math.abs(found.accuracy - (0.44 + e * spread)) < 1e-12);
  assert.ok(Math.abs(found.error - spread * Math.sqrt(1 / 5 + e ** 2 / 8)) < 1e-12);
  assert.deepEqual([found.draws, found.budget, found.verdict], [5, 10, "beats"]);
});

test("a search that is no better than chance is said to be", () => {
  const found = randomBaseline(aging, trials([...drawn, 0.5, 0.41, 0.42, 0.43, 0.4]))!;
  assert.equal(found.verdict, "not told apart");
  assert.match(showBaseline(found, aging), /^does not beat random search by more than chance: of 10 random/);
  const worse = trials([0.44, 0.441, 0.442, 0.443, 0.444, ...Array(95).fill(0.1)]);
  assert.equal(randomBaseline(aging, worse)!.verdict, "not told apart");
});

test("what the ledger does not tell is not guessed", () => {
  const many = trials([...drawn, 0.7, 0.7]);
  const of = (meaning: object) => randomBaseline({ ...aging, ...meaning } as Meaning, many);
  assert.equal(of({ strategy: "random", strategyOptions: {} }), undefined);
  assert.equal(of({ strategy: "reinforce", strategyOptions: {} }), undefined);
  assert.equal(of({ schedule: { name: "asha", options: {} } }), undefined);
  assert.equal(of({ strategyOptions: { population: 3, tournament: 2 } }), undefined);
  assert.equal(randomBaseline(aging, trials(drawn)), undefined);
  assert.equal(randomBaseline(aging, [failed(0), failed(1)]), undefined);
  assert.match(showBaseline(undefined, aging), /not known/);
});

test("over many seeds the estimate is the best of random draws, within its error", () => {
  const n = 16;
  const runs = Array.from({ length: 400 }, (_, seed) => {
    const rng = stream(seed, "baseline");
    const draws = Array.from({ length: n }, () => 0.5 + 0.01 * rng.normal());
    return { found: randomBaseline(aging, trials(draws))!, best: Math.max(...draws) };
  });
  const mean = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  assert.ok(Math.abs(mean(({ found }) => found.accuracy) - mean(({ best }) => best)) < 0.003);
});

test("a search for one number of its objectives stands beside random search by that number", () => {
  const rows = [1, 2, 4, 8, 16, 1].map((latencyMs, number) =>
    scored({ number, accuracy: number === 5 ? 0.9 : 0.5, latencyMs }),
  );
  const aim = { objectives: ["accuracy", "latency"], limits: {}, reference: [1, 1], weight: 0.5 } as const;
  const found = ratedBaseline({ ...aging, aim }, rows)!;
  const worths = [1, 2, 4, 8, 16].map((ms) => 0.5 / Math.sqrt(ms));
  const mean = worths.reduce((a, b) => a + b) / 5;
  const spread = Math.sqrt(worths.reduce((sum, worth) => sum + (worth - mean) ** 2, 0) / 4);
  assert.ok(Math.abs(found.score - (mean + expectedLargest(6) * spread)) < 1e-12);
  assert.deepEqual([found.draws, found.budget], [5, 6]);
  assert.equal(randomBaseline({ ...aging, aim }, rows), undefined);
  assert.deepEqual(baselineOf({ ...aging, aim }, rows, 0), found);
  assert.match(showBaseline(found, { ...aging, aim }), /the best is expected at 0\.\d{4} ± 0\.\d{4}/);
});

test("a search after a proxy's score stands beside random search by that score, which is no percentage", () => {
  const scores = [40, 42, 44, 46, 48, 70, 70, 70, 70, 70];
  const rows = scores.map((score, number) => rated(number, score));
  const found = ratedBaseline(aging, rows)!;
  const [spread, e] = [Math.sqrt(10), expectedLargest(10)];
  assert.ok(Math.abs(found.score - (44 + e * spread)) < 1e-12);
  assert.ok(Math.abs(found.error - spread * Math.sqrt(1 / 5 + e ** 2 / 8)) < 1e-12);
  assert.deepEqual([found.draws, found.budget, found.verdict], [5, 10, "beats"]);
  const meaning = { ...aging, aim: { proxy: "synflow" } } as unknown as Meaning;
  assert.match(
    showRatedBaseline(found, meaning),
    /^beats random search by synflow: of 10 random networks the highest is expected at 48.866 ± /,
  );
  assert.equal(randomBaseline(aging, rows), undefined);
  assert.equal(ratedBaseline(aging, rows.slice(0, 5)), undefined);
  assert.equal(ratedBaseline({ ...aging, filter: { proxy: "zen", quantile: 0.5 } }, rows), undefined);
});
