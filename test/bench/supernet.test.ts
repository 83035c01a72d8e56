import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, random, space, standing, table, within } from "../../bench/supernet/small.js";
import { deviation, mean } from "../../src/base/stats.js";
import { formatGenome } from "../../src/space/candidate.js";
import { genomeAt, sizeOfSpace } from "../../src/space/moves.js";

const means = [...table.values()].map(mean);

test("the table has every network of the small space, each trained with the same number of seeds", () => {
  const all = Array.from({ length: Number(sizeOfSpace(space)) }, (_, n) =>
    formatGenome(space, genomeAt(space, BigInt(n))),
  );
  assert.deepEqual([...table.keys()].toSorted(), all.toSorted());
  const [first] = table.values();
  assert.ok(first!.length >= 2);
  for (const accuracies of table.values()) assert.equal(accuracies.length, first!.length);
});

test("its networks differ by far more than the seeds of one do, so that it can tell searches apart", () => {
  const noise = Math.sqrt(mean([...table.values()].map((accuracies) => deviation(accuracies) ** 2)));
  const error = noise / Math.sqrt([...table.values()][0]!.length);
  assert.ok(deviation(means) > 3 * error, `${deviation(means)} against ${error}`);
  assert.ok(Math.max(...means) - Math.min(...means) > 15 * error);
});

test("the most accurate network within a limit stands at 0, and there are several within each", () => {
  for (const limitMs of limits) {
    const standings = within(limitMs).map((genome) => standing(genome, limitMs));
    assert.ok(standings.length >= 40);
    assert.equal(Math.min(...standings), 0);
    assert.ok(Math.max(...standings) > 0.9);
  }
});

test("random search with more trainings finds better networks", () => {
  const meanOf = (networks: number) =>
    mean(Array.from({ length: 40 }, (_, seed) => random(networks, limits[1]!, seed)));
  assert.ok(meanOf(20) < meanOf(3));
  assert.ok(meanOf(3) < 0.4);
});
