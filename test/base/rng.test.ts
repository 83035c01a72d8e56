import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";

/** Σ (seen - expected)² / expected, for outcomes that should be equally likely. */
function chiSquare(seen: readonly number[]): number {
  const expected = seen.reduce((a, b) => a + b, 0) / seen.length;
  return seen.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
}

/** Fails with probability below 1e-6 for a fair source (Wilson and Hilferty 1931). */
function assertUniform(seen: readonly number[]): void {
  const degrees = seen.length - 1;
  const limit = degrees * (1 - 2 / (9 * degrees) + 4.8 * Math.sqrt(2 / (9 * degrees))) ** 3;
  assert.ok(chiSquare(seen) < limit, `chi-square ${chiSquare(seen)} of ${degrees} degrees`);
}

/** How often `draw` gives each of 0 .. outcomes - 1. */
function tally(outcomes: number, draws: number, draw: () => number): number[] {
  const seen = new Array<number>(outcomes).fill(0);
  for (let i = 0; i < draws; i++) {
    const drawn = draw();
    assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < outcomes, `drew ${drawn}`);
    seen[drawn]!++;
  }
  return seen;
}

test("A stream's first values never change, for runs are stored by them", () => {
  const rng = stream(7, "ask", 12);
  // sfc32 seeded by SHA-256 of [7,"ask",12], computed apart from this code.
  assert.deepEqual(
    [rng.float(), rng.float(), rng.float()],
    [0.7690411982611438, 0.7654037052514121, 0.5581305890896009],
  );
  assert.equal(rng.below(1000), 52);
  assert.equal(rng.bigBelow(10n ** 30n), 220128249686091957647463933615n);
  assert.equal(rng.pick(["a", "b", "c"]), "c");
  assert.deepEqual(rng.shuffle([0, 1, 2, 3, 4, 5]), [2, 4, 1, 0, 5, 3]);
  assert.equal(rng.normal().toFixed(12), "-0.023709774014");
});

test("A stream is its address: the same wherever it is made, whatever was drawn elsewhere", () => {
  const other = stream(1, "elsewhere");
  const first = stream(1, "ask", 0);
  const drawn = [first.float(), first.float()];
  for (let i = 0; i < 10; i++) other.normal();
  const again = stream(1, "ask", 0);
  assert.deepEqual([again.float(), again.float()], drawn);
});

test("Different addresses give different streams, also where they look alike", () => {
  const streams = [
    stream(1),
    stream(2),
    stream(1, 1),
    stream(1, "1"),
    stream(1, "ask", 1),
    stream(1, "ask", 11),
    stream(1, "ask", "1"),
    stream(1, "ask1"),
    stream(1, "ask", 1, 1),
    stream(1, "init", 1),
  ].map((rng) => rng.float());
  assert.equal(new Set(streams).size, streams.length);
});

test("Streams of neighbouring addresses are not correlated", () => {
  const pairs = 20_000;
  const cells = new Array<number>(64).fill(0);
  for (let i = 0; i < pairs; i++)
    cells[stream(3, "ask", i).below(8) * 8 + stream(3, "ask", i + 1).below(8)]!++;
  assertUniform(cells);
});

test("below draws every number equally often", () => {
  const rng = stream(1, "below");
  for (const n of [2, 3, 7, 100]) assertUniform(tally(n, 50_000, () => rng.below(n)));
  assert.equal(rng.below(1), 0);
});

test("float fills [0, 1) evenly, down to its last bits", () => {
  const rng = stream(2, "float");
  assertUniform(tally(1000, 200_000, () => Math.floor(rng.float() * 1000)));
  assertUniform(tally(16, 50_000, () => (rng.float() * 2 ** 53) % 16));
});

test("bigBelow draws every number equally often, at any size", () => {
  const rng = stream(3, "big");
  for (const n of [2n, 3n, 8n, 10n]) assertUniform(tally(Number(n), 20_000, () => Number(rng.bigBelow(n))));
  assert.equal(rng.bigBelow(1n), 0n);
  // 3 · 2⁶⁴ needs three words; its top third, its bottom bits and its remainder must all be even.
  const wide = 3n << 64n;
  assertUniform(tally(3, 30_000, () => Number(rng.bigBelow(wide) >> 64n)));
  assertUniform(tally(16, 30_000, () => Number(rng.bigBelow(wide) & 15n)));
  assertUniform(tally(7, 30_000, () => Number(rng.bigBelow(7n << 100n) % 7n)));
});

test("shuffle gives every order equally often and leaves its argument alone", () => {
  const rng = stream(4, "shuffle");
  const items = Object.freeze([0, 1, 2, 3]);
  const orders = new Map<string, number>();
  for (let i = 0; i < 48_000; i++) {
    const order = rng.shuffle(items).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  assertUniform([...orders.values()]);
  assert.deepEqual(rng.shuffle([]), []);
});

test("pick takes every element equally often", () => {
  const rng = stream(5, "pick");
  assertUniform(tally(5, 50_000, () => rng.pick([0, 1, 2, 3, 4])));
});

test("normal has the moments and the tails of a standard normal", () => {
  const rng = stream(6, "normal");
  const n = 200_000;
  const drawn = Array.from({ length: n }, () => rng.normal());
  const moment = (power: number) => drawn.reduce((sum, x) => sum + x ** power, 0) / n;
  const near = (value: number, expected: number, deviation: number) =>
    assert.ok(Math.abs(value - expected) < (5 * deviation) / Math.sqrt(n), `${value}, not ${expected}`);
  near(moment(1), 0, 1);
  near(moment(2), 1, Math.sqrt(2));
  near(moment(3), 0, Math.sqrt(15));
  near(moment(4), 3, Math.sqrt(96));
  for (const [x, below] of [
    [-2, 0.0227501319],
    [0.5, 0.6914624613],
    [3, 0.998650102],
  ] as const)
    near(drawn.filter((d) => d < x).length / n, below, Math.sqrt(below * (1 - below)));
});

test("Drawing from nothing is an error, not an endless search", () => {
  const rng = stream(7);
  assert.throws(() => rng.bigBelow(0n), RangeError);
  assert.throws(() => rng.below(0), RangeError);
  assert.throws(() => rng.pick([]), RangeError);
});
