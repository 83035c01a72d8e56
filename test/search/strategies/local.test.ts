import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { analytic } from "../../../src/search/benchmarks/analytic.js";
import { mostAccurate } from "../../../src/search/goal.js";
import { search } from "../../../src/search/search.js";
import { local } from "../../../src/search/strategies/local.js";
import type { Told } from "../../../src/search/trial.js";
import { noMoves } from "../trials.js";

const benchmark = analytic.open({});
const plan = (trials: number, ahead: number) => ({
  strategy: local,
  options: { initial: 10 },
  seed: 3,
  trials,
  ahead,
  draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
  evaluate: async ({ number, genome }: { number: number; genome: string }): Promise<Told> => ({
    number,
    genome,
    status: "scored",
    accuracy: benchmark.evaluate(genome).accuracy,
  }),
});

for (const ahead of [1, 6])
  test(`local asks no network twice, ${ahead} at a time`, async () => {
    const asked: string[] = [];
    for await (const { genome } of search(plan(600, ahead))) asked.push(genome);
    assert.equal(new Set(asked).size, 600);
  });

test("local asks neighbours of the best until one is better, and begins anew where none is left", async () => {
  const told: Told[] = [];
  for await (const trial of search(plan(400, 1))) told.push(trial);
  let from = 0;
  let optima = 0;
  while (from + 10 < told.length) {
    let at = told.slice(from, from + 10).reduce((a, b) => (b.accuracy! > a.accuracy! ? b : a));
    let n = from + 10;
    while (n < told.length && benchmark.moves.neighbours(at.genome).includes(told[n]!.genome)) {
      if (told[n]!.accuracy! > at.accuracy!) at = told[n]!;
      n++;
    }
    if (n < told.length) {
      optima++;
      const known = new Set(told.slice(0, n).map(({ genome }) => genome));
      assert.ok(benchmark.moves.neighbours(at.genome).every((genome) => known.has(genome)));
    }
    from = n;
  }
  assert.ok(optima >= 2, `${optima}`);
});

test("local takes no neighbour over the limits", () => {
  const moves = {
    ...noMoves,
    neighbours: () => ["near", "far"],
    fits: (genome: string) => genome === "near",
  };
  const known = { ...mostAccurate, moves };
  const state = local.tell(
    local.init({ initial: 1 }),
    { number: 0, genome: "here", status: "scored", accuracy: 0.5 },
    known,
    { initial: 1 },
  );
  for (let n = 0; n < 20; n++)
    assert.equal(local.ask(state, { ...known, rng: stream(n), pending: [] }, { initial: 1 }), "near");
});
