import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { analytic } from "../../src/search/benchmarks/analytic.js";
import { cells, pathsOf } from "../../src/search/benchmarks/nasbench201.js";
import { categoricalMoves, everyGenome } from "../../src/search/categorical.js";
import { columnsOf, encodingOf } from "../../src/search/encoding.js";

const moves = { ...categoricalMoves(cells), paths: pathsOf };
const every = [...everyGenome(cells)];

test("a cell's paths go over edge 3, edges 0 and 4, edges 1 and 5, and edges 0, 2 and 5", () => {
  for (const cell of [cells.format([0, 1, 2, 3, 4, 0]), cells.format([4, 0, 1, 2, 3, 1])]) {
    const operators = [...cell.matchAll(/(\w+)~/g)].map(([, name]) => name);
    // The text has the edges by the node they enter: 0-1, 0-2, 1-2, 0-3, 1-3, 2-3.
    const over = (...edges: readonly number[]) => edges.map((edge) => operators[edge]);
    assert.deepEqual(
      new Set(pathsOf(cell).map((path) => path.join())),
      new Set([over(3), over(0, 4), over(1, 5), over(0, 2, 5)].map((path) => path.join())),
    );
  }
});

for (const [name, count] of [
  ["one-hot", 30],
  ["path", 155],
  ["truncated-path", 30],
] as const)
  test(`the cells of NAS-Bench-201 have ${count} features by ${name}`, () => {
    const encoding = encodingOf(name);
    assert.equal(columnsOf(every.map((cell) => encoding(moves, cell))).count, count);
  });

test("one-hot tells all cells apart; truncated paths cannot, as the edge between the inner nodes is on none of them", () => {
  const different = (name: string) => new Set(every.map((cell) => encodingOf(name)(moves, cell).join())).size;
  assert.equal(different("one-hot"), 15_625);
  assert.equal(different("truncated-path"), 15_625 / 5);
});

test("a feature is one column however often it is true, and none where no example had it", () => {
  const columns = columnsOf([
    ["a", "b"],
    ["b", "c", "b"],
  ]);
  assert.equal(columns.count, 3);
  assert.deepEqual([...columns.of(["c", "a", "c"])].sort(), [0, 2]);
  assert.deepEqual([...columns.of(["d"])], []);
});

test("an encoding that is not known, or that a space does not have, is refused", () => {
  assert.throws(() => encodingOf("onehot"), /unknown encoding "onehot"/);
  assert.throws(() => encodingOf("toString"), /unknown encoding "toString"/);
  const stages = analytic.open({}).moves;
  assert.throws(
    () => encodingOf("path")(stages, stages.sample(stream(1))),
    /this space has no path encoding/,
  );
});
