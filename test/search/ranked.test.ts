import assert from "node:assert/strict";
import { test } from "node:test";
import { ranked } from "../../src/search/ranked.js";
import { drawn, trainingsOf } from "../../src/search/ranking.js";
import type { Measure, Trial } from "../../src/search/trial.js";
import { sizeOfSpace } from "../../src/space/moves.js";
import { tiny } from "../export/tinyRun.js";
import { failed, scored } from "./trials.js";

const short = { epochs: 1, images: 100, batch: 10 };
const genomes = ["a", "b", "c"];
const epoch = (images: number) => [{ images }] as unknown as Trial["epochs"];

/** Trials of three networks; accuracies by repeat, then short and long, then network. */
const trialsOf = (accuracies: readonly (readonly (readonly number[])[])[]): readonly Trial[] =>
  trainingsOf({ networks: 3, repeats: accuracies.length, short }, genomes).map(
    ({ number, genome, repeat, isLong }) =>
      scored({
        number,
        genome,
        accuracy: accuracies[repeat]![isLong ? 1 : 0]![genomes.indexOf(genome)]!,
        epochs: epoch(isLong ? 400 : 100),
        seconds: isLong ? 8 : 2,
        params: 10 - genomes.indexOf(genome),
        macs: [5, 5, 5][genomes.indexOf(genome)]!,
      }),
  );
const rank = (trials: readonly Trial[], repeats: number) => {
  const ranking = { networks: 3, repeats, short };
  return ranked(ranking, trainingsOf(ranking, genomes), trials, () => 7);
};

test("trainings count up: all short ones of a repeat, then all long ones", () => {
  assert.deepEqual(
    trainingsOf({ networks: 2, repeats: 2, short }, ["a", "b"]).map((t) => [
      t.number,
      t.genome,
      t.repeat,
      t.isLong,
    ]),
    [
      [0, "a", 0, false],
      [1, "b", 0, false],
      [2, "a", 0, true],
      [3, "b", 0, true],
      [4, "a", 1, false],
      [5, "b", 1, false],
      [6, "a", 1, true],
      [7, "b", 1, true],
    ],
  );
});

test("rankings are compared with the mean of the long trainings, one long one with the others", () => {
  const found = rank(
    trialsOf([
      [
        [0.1, 0.2, 0.3],
        [0.5, 0.6, 0.7],
      ],
      [
        [0.3, 0.2, 0.1],
        [0.6, 0.5, 0.7],
      ],
    ]),
    2,
  )!;
  const by = Object.fromEntries(found.agreements.map((a) => [a.by, [a.spearman, a.kendall]]));
  // The long means are 0.55, 0.55 and 0.7: ranks 1.5, 1.5, 3.
  const tied = 1.5 / Math.sqrt(2 * 1.5);
  const near = (got: number | null, want: number) =>
    assert.ok(Math.abs(got! - want) < 1e-12, `${got}, not ${want}`);
  near(by.short![0]!, 0);
  near(by.params![0]!, -tied);
  near(by.long![0]!, 0.5);
  assert.deepEqual([by["short-mean"]![0], by.macs![0]], [null, null], "all equal");
  assert.equal(found.agreements[0]!.spearmanInterval, null, "three are too few");
});

test("spread over repeats is told from that between networks", () => {
  const found = rank(
    trialsOf([
      [
        [0.1, 0.2, 0.3],
        [0.5, 0.6, 0.7],
      ],
      [
        [0.12, 0.22, 0.32],
        [0.5, 0.6, 0.7],
      ],
    ]),
    2,
  )!;
  const within = 2 * 0.01 ** 2;
  const between = 0.01 - within / 2;
  const { repeats, networks, share } = found.spread.short;
  assert.ok(Math.abs(repeats! - Math.sqrt(within)) < 1e-12);
  assert.ok(Math.abs(networks - Math.sqrt(between)) < 1e-12);
  assert.ok(Math.abs(share! - within / between) < 1e-9);
  assert.equal(found.spread.long.repeats, 0);
  const once = rank(
    trialsOf([
      [
        [0.1, 0.2, 0.3],
        [0.5, 0.6, 0.7],
      ],
    ]),
    1,
  )!;
  assert.equal(once.spread.short.share, null);
  assert.deepEqual(
    once.agreements.map((a) => a.by),
    ["short", "params", "macs"],
  );
});

test("the cost is the mean training's, and what short training picks is looked up in the long", () => {
  const found = rank(
    trialsOf([
      [
        [0.3, 0.2, 0.1],
        [0.5, 0.4, 0.7],
      ],
    ]),
    1,
  )!;
  assert.deepEqual(found.cost, {
    short: { seconds: 2, macs: 700 },
    long: { seconds: 8, macs: 2800 },
  });
  assert.deepEqual(found.picked, { genome: "a", rank: 2, accuracy: 0.5, best: 0.7 });
});

test("a network that failed once is left out; with one left there is nothing to rank", () => {
  const trials = trialsOf([
    [
      [0.3, 0.2, 0.1],
      [0.5, 0.4, 0.7],
    ],
  ]);
  const without = (...numbers: readonly number[]) =>
    trials.map((trial) =>
      numbers.includes(trial.number) ? { ...failed(trial.number), genome: trial.genome } : trial,
    );
  const found = rank(without(1), 1)!;
  assert.deepEqual([found.networks, found.leftOut, found.picked.rank], [2, 1, 2]);
  assert.equal(rank(without(1, 3), 1), undefined);
  assert.equal(rank(trials.slice(0, 4), 1), undefined, "not done yet");
});

test("networks are drawn once each and within the limits; more than there are is refused", () => {
  const size = Number(sizeOfSpace(tiny));
  const measure = (genome: string) => ({ latencyMs: genome.includes("expand=2") ? 2 : 1 }) as Measure;
  const all = drawn(tiny, measure, {}, { networks: size, seed: 1 });
  assert.equal(new Set(all).size, size);
  assert.deepEqual(drawn(tiny, measure, {}, { networks: 3, seed: 1 }), all.slice(0, 3));
  const fast = drawn(tiny, measure, { latencyMs: 1 }, { networks: 2, seed: 1 });
  assert.ok(fast.every((genome) => measure(genome).latencyMs === 1));
  assert.throws(
    () => drawn(tiny, measure, {}, { networks: size + 1, seed: 1 }),
    /gave \d+ different networks/,
  );
});
