import assert from "node:assert/strict";
import { test } from "node:test";
import { categoricalMoves, everyGenome } from "../../../src/search/categorical.js";
import { search } from "../../../src/search/search.js";
import { grid } from "../../../src/search/strategies/grid.js";
import type { Moves } from "../../../src/search/strategy.js";
import type { Told } from "../../../src/search/trial.js";

const small = {
  decisions: [
    { name: "a", values: 2 },
    { name: "b", values: 3 },
    { name: "c", values: 2 },
  ],
  format: (indices: readonly number[]) => indices.join(""),
  parse: (genome: string) => [...genome].map(Number),
};

async function asked(moves: Moves, ahead: number): Promise<string[]> {
  const found: string[] = [];
  const plan = {
    strategy: grid,
    options: { most: 100 },
    seed: 1,
    trials: 100,
    ahead,
    draw: () => ({ moves, rejected: () => 0 }),
    evaluate: async ({ number, genome }: { number: number; genome: string }): Promise<Told> => ({
      number,
      genome,
      status: "scored",
      accuracy: 0.5,
    }),
  };
  for await (const { genome } of search(plan)) found.push(genome);
  return found;
}

for (const ahead of [1, 5, 50])
  test(`grid asks every network once and then no more, ${ahead} at a time`, async () => {
    assert.deepEqual(await asked(categoricalMoves(small), ahead), [...everyGenome(small)]);
  });

test("grid leaves out what is over the limits", async () => {
  const moves = { ...categoricalMoves(small), fits: (genome: string) => !genome.startsWith("01") };
  assert.deepEqual(
    await asked(moves, 2),
    [...everyGenome(small)].filter((genome) => !genome.startsWith("01")),
  );
});

test("grid refuses a space larger than its budget, and says how large it is", () => {
  assert.throws(() => grid.check({ most: 11 }, 12n), /has 12 of them, more than 11/);
  grid.check({ most: 12 }, 12n);
});
