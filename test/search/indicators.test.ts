import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hypervolume } from "../../src/search/hypervolume.js";
import { epsilonAdd, epsilonTimes, igd, igdPlus } from "../../src/search/indicators.js";
import { knee } from "../../src/search/knee.js";
import { crowding, dominates, fronts, nondominated, type Point } from "../../src/search/pareto.js";

const near = (found: number, expected: number, within = 5e-7) =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);

test("hypervolume of two objectives is the area under the staircase", () => {
  const points = [
    [1, 3],
    [2, 2],
    [3, 1],
  ];
  assert.equal(hypervolume(points, [4, 4]), 6);
  assert.equal(hypervolume([], [4, 4]), 0);
});

test("hypervolume of three objectives is the union of boxes", () => {
  const points = [
    [1, 2, 3],
    [2, 1, 3],
    [3, 3, 1],
  ];
  assert.equal(hypervolume(points, [4, 4, 4]), 10);
  assert.equal(hypervolume([...points, [2, 2, 2]], [4, 4, 4]), 13);
});

test("a point that is not below the reference in every objective adds nothing and hides nothing", () => {
  assert.equal(
    hypervolume(
      [
        [2, 2],
        [0, 4],
        [5, 1],
      ],
      [4, 4],
    ),
    4,
  );
  assert.throws(() => hypervolume([[1, 2, 3]], [4, 4]), RangeError);
  assert.throws(() => hypervolume([[1, Number.NaN]], [4, 4]), RangeError);
});

test("hypervolume is the share of a grid's cells that some point dominates", () => {
  const side = 5;
  const coordinate = fc.integer({ min: 0, max: side + 1 });
  for (const axes of [2, 3])
    fc.assert(
      fc.property(
        fc.array(fc.array(coordinate, { minLength: axes, maxLength: axes }), { maxLength: 8 }),
        (points) => {
          let cells = 0;
          for (let n = 0; n < side ** axes; n++) {
            const cell = Array.from({ length: axes }, (_, i) => Math.floor(n / side ** i) % side);
            if (points.some((p) => p.every((value, i) => value <= cell[i]!))) cells++;
          }
          assert.equal(hypervolume(points, Array(axes).fill(side)), cells);
        },
      ),
    );
});

const front: readonly Point[] = [
  [1, 3],
  [2, 2],
  [3, 1],
];
const found: readonly Point[] = [
  [1, 3.5],
  [2.5, 2.5],
];

test("IGD, IGD+ and both epsilons of a small set are those worked out by hand", () => {
  near(igdPlus(found, front), 0.902369);
  near(igd(found, front), 0.929415);
  near(epsilonAdd(found, front), 1.5);
  near(epsilonTimes(found, front), 2.5);
  assert.throws(() => igd([], front), RangeError);
});

test("a front against itself has no distance", () => {
  assert.equal(igd(front, front), 0);
  assert.equal(igdPlus(front, front), 0);
  assert.equal(epsilonAdd(front, front), 0);
  assert.equal(epsilonTimes(front, front), 1);
});

test("crowding is infinite at the ends and the neighbours' gap between them", () => {
  const points = [
    [0, 10],
    [1, 7],
    [4, 4],
    [9, 1],
    [10, 0],
  ];
  const distances = crowding(points);
  assert.deepEqual([distances[0], distances[4]], [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  for (const [i, expected] of [
    [1, 1],
    [2, 1.4],
    [3, 1],
  ] as const)
    near(distances[i]!, expected, 1e-12);
  assert.deepEqual(crowding([[1, 1]]), [0]);
  assert.deepEqual(
    crowding([
      [1, 5],
      [1, 5],
    ]),
    [0, 0],
    "an objective without range adds nothing",
  );
});

test("dominating is being nowhere worse and somewhere better", () => {
  assert.equal(dominates([1, 2], [1, 3]), true);
  assert.equal(dominates([1, 2], [1, 2]), false);
  assert.equal(dominates([1, 3], [2, 2]), false);
});

test("each front is what is left undominated once the fronts before it are gone", () => {
  const vector = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(vector, { maxLength: 12 }), (points) => {
      const found = fronts(points, dominates);
      assert.deepEqual(
        found.flat().sort((a, b) => a - b),
        [...points.keys()],
      );
      let left = [...points.keys()];
      for (const front of found) {
        const undominated = left.filter((i) => !left.some((j) => dominates(points[j]!, points[i]!)));
        assert.deepEqual(front, undominated);
        left = left.filter((i) => !front.includes(i));
      }
    }),
  );
});

test("of equal points only the first is kept as not dominated", () => {
  assert.deepEqual(
    nondominated([
      [1, 2],
      [1, 2],
      [2, 1],
      [2, 3],
    ]),
    [
      [1, 2],
      [2, 1],
    ],
  );
});

test("the knee is where the front bends most, whatever the objectives' scales", () => {
  const bent = [
    [0, 100],
    [1, 40],
    [2, 10],
    [5, 5],
    [10, 0],
  ];
  assert.equal(knee(bent), 2);
  assert.equal(knee(bent.map(([x, y]) => [x! * 1000, y! / 7])), 2);
  assert.equal(knee([[3, 3]]), 0);
  assert.throws(() => knee([]), RangeError);
});
