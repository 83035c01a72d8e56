import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { goalOf } from "../../../src/search/goal.js";
import { nsga2 } from "../../../src/search/strategies/nsga2.js";
import type { Told } from "../../../src/search/trial.js";
import { failed, noMoves, scored } from "../trials.js";

const options = { population: 4, cross: 0.9 };
const goal = { ...goalOf(["accuracy", "latency"], { params: 100 }), moves: noMoves };
const tellAll = (trials: readonly Told[]) =>
  trials.reduce((state, trial) => nsga2.tell(state, trial, goal, options), nsga2.init(options));
const point = (number: number, accuracy: number, latencyMs: number, params = 10) =>
  scored({ number, accuracy, latencyMs, params });

test("of parents and children the fronts survive in order, the last one's crowded middle does not", () => {
  const first = [point(0, 0.9, 9), point(1, 0.1, 1), point(2, 0.2, 9), point(3, 0.15, 9)];
  const second = [point(4, 0.5, 5), point(5, 0.52, 5.2), point(6, 0.05, 9), point(7, 0.7, 7)];
  const { parents } = tellAll([...first, ...second]);
  // Front 0 is 0, 1, 4, 5, 7: the ends stay, 7 has the most room, and of 4 and 5 the one with more.
  assert.deepEqual(parents.map(({ trial }) => trial.number).sort(), [0, 1, 4, 7]);
  assert.ok(parents.every(({ rank }) => rank === 0));
});

test("within the limits beats over them, less over beats more, and a failure comes last", () => {
  const first = [point(0, 0.99, 1, 150), point(1, 0.99, 1, 120), failed(2), point(3, 0.1, 9, 100)];
  const second = [point(4, 0.2, 8, 90), failed(5), point(6, 0.99, 1, 400), failed(7)];
  const { parents } = tellAll([...first, ...second]);
  assert.deepEqual(
    parents.map(({ trial, rank }) => [trial.number, rank]),
    [
      [4, 0],
      [3, 1],
      [1, 2],
      [0, 3],
    ],
  );
});

test("nsga2 draws until a generation is full, then mutates children of tournament winners, none twice", () => {
  const full = tellAll([point(0, 0.9, 1), point(1, 0.2, 5), point(2, 0.3, 6), point(3, 0.1, 9)]);
  const crossed: (readonly [string, string])[] = [];
  const moves = {
    ...noMoves,
    sample: () => "fresh",
    crossover: (a: string, b: string) => {
      crossed.push([a, b]);
      return `${a}${b}`;
    },
    mutate: (genome: string, rng: { below(n: number): number }) => `${genome}'${rng.below(3)}`,
  };
  const ask = (state: typeof full, n: number, pending: readonly string[] = []) =>
    nsga2.ask(
      state,
      { ...goal, moves, rng: stream(n), pending: pending.map((genome) => ({ genome })) },
      { ...options, cross: 1 },
    );
  assert.equal(ask(nsga2.init(options), 0), "fresh");
  const winners = Array.from({ length: 400 }, (_, n) => ask(full, n)!);
  assert.ok(winners.every((genome) => genome.includes("'")));
  // The best of four wins every tournament it is in: 7 of 16, both parents 49 of 256.
  const both = crossed.filter(([a, b]) => a === "g0" && b === "g0").length / crossed.length;
  assert.ok(Math.abs(both - 49 / 256) < 0.06, `${both}`);
  for (let n = 0; n < 100; n++) {
    const pending = [0, 1].map((i) => ask(full, n, [])!.replace(/.$/, String(i)));
    assert.ok(!pending.includes(ask(full, n, pending)!));
  }
});
