import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { fitMlp } from "../../src/search/mlp.js";

const shape = { hidden: [16, 16], epochs: 400, batch: 4, rate: 0.01 };
const rows = [[], [0], [1], [0, 1]].map((row) => Int32Array.from(row));
const exclusive = [-1, 1, 1, -1];

test("dense layers learn what no sum of the inputs is: one or the other, not both", () => {
  for (const seed of [1, 2, 3]) {
    const guess = fitMlp(rows, 2, exclusive, shape, stream(seed));
    for (const [i, row] of rows.entries())
      assert.ok(Math.abs(guess(row) - exclusive[i]!) < 0.25, `seed ${seed}, row ${i}: ${guess(row)}`);
  }
});

test("the same stream fits the same network, another stream another", () => {
  const guesses = (seed: number) => rows.map(fitMlp(rows, 2, exclusive, shape, stream(seed)));
  assert.deepEqual(guesses(4), guesses(4));
  assert.notDeepEqual(guesses(4), guesses(5));
});

test("its loss is the absolute error, so a few wild examples do not move it from the many", () => {
  const same = Array.from({ length: 20 }, () => Int32Array.from([0]));
  const guess = fitMlp(same, 1, [...Array<number>(17).fill(0.3), 50, 50, 50], shape, stream(1));
  assert.ok(Math.abs(guess(same[0]!) - 0.3) < 0.3, `${guess(same[0]!)}`);
});
