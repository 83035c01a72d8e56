import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSameTask, doneAt, standingAt, taskDifferences } from "../../src/search/equalTime.js";
import type { Meaning } from "../../src/search/settings.js";
import type { Answered } from "../../src/search/supernet/run.js";
import { settings } from "../export/tinyRun.js";
import { failed, scored } from "./trials.js";

const epoch = (seconds: number) => ({ number: 0, question: "", answer: { kind: "epoch", seconds } });
const score = (seconds: number) => ({ number: 0, question: "", answer: { kind: "score", seconds } });
const answers = [epoch(10), epoch(20), score(2), score(4), score(1)] as unknown as readonly Answered[];
const trials = [
  scored({ number: 0, accuracy: 0.3, seconds: 5 }),
  scored({ number: 1, accuracy: 0.6, seconds: 9 }),
  scored({ number: 2, accuracy: 0.3, seconds: 5, duplicateOf: 0 }),
  { ...failed(3), seconds: 0 },
  scored({ number: 4, accuracy: 0.5, seconds: 3 }),
];
const times = (workers: number, of: readonly Answered[] = answers) =>
  doneAt({ trials, answers: of }, workers).map(({ seconds }) => seconds);

test("one worker does everything in turn: a supernet counts, an answer that is shared does not", () => {
  assert.deepEqual(times(1), [42, 51, 51, 51, 54]);
  assert.deepEqual(times(1, []), [5, 14, 14, 14, 17]);
});

test("two workers halve trials and scores, but not the epochs of a supernet", () => {
  assert.deepEqual(times(2), [39, 43, 39, 39, 42]);
  assert.deepEqual(times(2, []), [5, 9, 5, 5, 8]);
});

test("scores of a warm-up come before the trials, those of a filter with the trial they were for", () => {
  const row = (number: number, trial: number | null, seconds: number) => ({
    ...{ number, trial, seconds, proxy: "zen", genome: `${number}`, score: 1, why: null },
  });
  const screened = [row(0, null, 2), row(1, null, 4), row(2, 1, 0.5), row(3, 1, 0.5), row(4, 2, 1)];
  const at = (workers: number) =>
    doneAt({ trials, answers: [], screened }, workers).map(({ seconds }) => seconds);
  assert.deepEqual(at(1), [11, 21, 22, 22, 25]);
  assert.deepEqual(at(2), [9, 14, 10, 10, 13]);
});

test("what a run had at some time is the best of the trials done by then", () => {
  const done = doneAt({ trials, answers }, 1);
  const at = (seconds: number) => {
    const { best, bestOfAll, ...rest } = standingAt(done, seconds);
    return { ...rest, best: best?.number, bestOfAll: bestOfAll?.number };
  };
  assert.deepEqual(at(41), { seconds: 54, trained: 0, best: undefined, bestOfAll: 1 });
  assert.deepEqual(at(42), { seconds: 54, trained: 1, best: 0, bestOfAll: 1 });
  assert.deepEqual(at(51), { seconds: 54, trained: 2, best: 1, bestOfAll: 1 });
});

test("runs of one task may differ in strategy, seed, ahead and what else they look at, and in nothing else", () => {
  const { meaning } = settings;
  const other: Meaning = { ...meaning, strategy: "random", strategyOptions: {}, seed: 8, ahead: 2 };
  const looking = { objectives: ["accuracy", "latency"], limits: {}, reference: [1, 2] } as const;
  assert.deepEqual(taskDifferences(meaning, { ...other, aim: looking }), []);
  for (const change of [
    { target: "pixel3-cpu" },
    { maxLatencyMs: 2 },
    { engine: "wasm" },
    { fidelity: { ...meaning.fidelity, epochs: 4 } },
    { data: { name: "synthetic", hash: "beef" } },
    { space: { ...meaning.space, classes: 100 } },
    { aim: { ...looking, limits: { params: 5 } } },
  ])
    assert.equal(taskDifferences(meaning, { ...other, ...change }).length, 1, JSON.stringify(change));
  assert.throws(
    () => checkSameTask(["a", "b"], meaning, { ...other, maxLatencyMs: 2 }),
    /runs a and b are of different tasks: maxLatencyMs: 1.5, not 2/,
  );
});
