import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { analytic } from "../../../src/search/benchmarks/analytic.js";
import { mostAccurate } from "../../../src/search/goal.js";
import { search } from "../../../src/search/search.js";
import { ofaEvolution } from "../../../src/search/strategies/ofaEvolution.js";
import type { Told } from "../../../src/search/trial.js";

const benchmark = analytic.open({});
const options = { ...ofaEvolution.defaults(80), population: 40, generations: 10 };
const accuracyOf = (genome: string): number => benchmark.evaluate(genome).accuracy;

async function asked(predictor: string): Promise<string[]> {
  const found: string[] = [];
  const plan = {
    strategy: ofaEvolution,
    options: { ...options, predictor },
    seed: 2,
    trials: 80,
    ahead: 1,
    draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
    evaluate: async ({ number, genome }: { number: number; genome: string }): Promise<Told> => ({
      number,
      genome,
      status: "scored",
      accuracy: accuracyOf(genome),
    }),
  };
  for await (const { genome } of search(plan)) found.push(genome);
  return found;
}

for (const predictor of ["ridge", "mlp-ensemble"])
  test(`over ${predictor} it asks nothing twice, and better networks than its first draws`, async () => {
    const genomes = await asked(predictor);
    assert.equal(new Set(genomes).size, 80);
    const best = (part: readonly string[]) => Math.max(...part.map(accuracyOf));
    const mean = (part: readonly string[]) => part.reduce((sum, g) => sum + accuracyOf(g), 0) / part.length;
    assert.ok(mean(genomes.slice(40)) > mean(genomes.slice(0, 20)) + 0.05);
    assert.ok(best(genomes) > best(genomes.slice(0, 20)));
  });

test("what is asked after a fit is the best guess that was not told and is not pending", () => {
  let state = ofaEvolution.init(options);
  const known = { ...mostAccurate, moves: benchmark.moves };
  for (let number = 0; number < options.initial; number++) {
    const genome = benchmark.moves.sample(stream(number));
    const trial: Told = { number, genome, status: "scored", accuracy: accuracyOf(genome) };
    state = ofaEvolution.tell(state, trial, known, options);
  }
  const guesses = state.proposals.map(({ mean }) => mean);
  assert.equal(guesses.length, 2 * options.batch);
  assert.deepEqual(
    guesses,
    guesses.toSorted((a, b) => b - a),
  );
  const pending = state.proposals.slice(0, 3).map(({ genome }) => ({ genome }));
  const context = { ...known, rng: stream(1), pending };
  assert.equal(ofaEvolution.ask(state, context, options), state.proposals[3]!.genome);
});

test("a predictor or encoding that is not known is refused with those there are", () => {
  assert.throws(() => ofaEvolution.check({ ...options, predictor: "forest" }), /unknown predictor "forest"/);
  assert.throws(() => ofaEvolution.check({ ...options, encoding: "graph" }), /unknown encoding "graph"/);
  assert.throws(() => ofaEvolution.check({ ...options, population: 0.5 }), /population is 0.5/);
});
