import assert from "node:assert/strict";
import { test } from "node:test";
import { answerLine } from "../../../src/report/supernet.js";
import {
  distributionOf,
  evenLogits,
  type Logits,
  lineOf,
} from "../../../src/search/supernet/architecture.js";
import { beginning } from "../../../src/search/supernet/beginning.js";
import type { Checkpoint, Learner } from "../../../src/search/supernet/checkpoint.js";
import { constrainedArgmax } from "../../../src/search/supernet/derive.js";
import { trainEpoch } from "../../../src/search/supernet/epoch.js";
import { freeShares, guard } from "../../../src/search/supernet/guards.js";
import { newLearner } from "../../../src/search/supernet/learner.js";
import type { EpochAnswer } from "../../../src/search/supernet/question.js";
import { pickedMs } from "../../../src/search/supernet/stageLatency.js";
import { choices, greys, planOf } from "./site.js";

const rule = { epochs: 10, warmUp: 2 };
const seen = { accuracy: 0.5, derivedAccuracy: 0.5 };
const skip = choices.stages[1]!.find(({ isFree }) => isFree)!;

/** Logits with the skip of stage b lifted by so much. */
const leaning = (by: number): Logits => {
  const logits = evenLogits(choices);
  return {
    ...logits,
    ...Object.fromEntries(
      skip.decisions.map(({ name, index }) => [
        name,
        logits[name]!.map((v, i) => (i === index ? v + by : v)),
      ]),
    ),
  };
};

const after = (epoch: number, logits: Logits, more: Partial<Learner> = {}): Learner => ({
  ...newLearner(choices),
  epoch,
  logits,
  ...more,
});

const guarded = (learner: Learner, accuracies: { accuracy: number; derivedAccuracy: number | null } = seen) =>
  guard(choices, distributionOf(choices, learner.logits), learner, accuracies, rule);

test("a distribution forced onto skips is a collapse: architecture parameters rest, and skips are left out of more steps", () => {
  const first = guarded(after(7, leaning(3)));
  assert.ok(first.guarded.freeShare! > 0.8);
  assert.deepEqual(first.guarded.signs, ["free"]);
  assert.deepEqual([first.guarded.rests, first.learner.rest, first.learner.dropout], [true, 1, 0.25]);

  const rested = guarded({ ...first.learner, epoch: 8 });
  assert.deepEqual(rested.guarded.signs, ["free"], "still seen while they rest");
  assert.deepEqual([rested.guarded.rests, rested.learner.rest, rested.learner.dropout], [false, 0, 0.25]);

  const again = guarded({ ...rested.learner, epoch: 9 });
  assert.deepEqual([again.guarded.rests, again.learner.dropout], [true, 0.5]);
  const often = guarded({ ...rested.learner, dropout: 0.75 });
  assert.equal(often.learner.dropout, 0.75, "some steps keep them");
});

test("even decisions, and skips that are less than half, are no collapse", () => {
  for (const by of [0, 0.6]) {
    const { guarded: found, learner } = guarded(after(7, leaning(by)));
    assert.deepEqual([found.signs, found.rests, learner.rest, learner.dropout], [[], false, 0, 0]);
  }
  assert.equal(freeShares(choices, distributionOf(choices, evenLogits(choices))).length, 1, "stage b alone");
});

test("decisions that settle in the first half of the epochs are a collapse, and later they are not", () => {
  const settled = Object.fromEntries(
    Object.entries(evenLogits(choices)).map(([name, v]) => [name, v.map((_, i) => (i === 1 ? 9 : 0))]),
  );
  assert.ok(guarded(after(4, settled)).guarded.entropy < 0.15);
  assert.ok(guarded(after(4, settled)).guarded.signs.includes("settled"));
  assert.ok(!guarded(after(5, settled)).guarded.signs.includes("settled"));
});

test("a network derived that does much worse than the supernet is a collapse, and none within the limit is not", () => {
  const even = after(7, evenLogits(choices));
  assert.deepEqual(guarded(even, { accuracy: 0.6, derivedAccuracy: 0.3 }).guarded.signs, ["gap"]);
  assert.deepEqual(guarded(even, { accuracy: 0.6, derivedAccuracy: 0.4 }).guarded.signs, []);
  assert.deepEqual(guarded(even, { accuracy: 0.6, derivedAccuracy: null }).guarded.signs, []);
});

test("nothing is a sign in the epochs of warm-up, as nothing was decided there", () => {
  const collapsed = { accuracy: 0.6, derivedAccuracy: 0.1 };
  assert.deepEqual(guarded(after(2, leaning(3)), collapsed).guarded.signs, []);
  assert.deepEqual(guarded(after(3, leaning(3)), collapsed).guarded.signs, ["free", "gap"]);
});

test("a search that a tight limit drives onto skips is reported and acted on, epoch after epoch", async () => {
  const open = planOf({});
  const slow = choices.stages.map((stage) => stage.map(() => 0));
  const fastest = constrainedArgmax(
    open.latency,
    slow.map((stage, i) => stage.map((_, c) => -open.latency.steps[i]![0]![c]!.ms)),
    Number.POSITIVE_INFINITY,
  )!;
  const plan = planOf({ rate: 1 }, pickedMs(open.latency, fastest) * 1.001);
  assert.match(lineOf(choices, fastest), /skip/);
  const dataset = greys(500);
  let checkpoint: Checkpoint = beginning(plan);
  const epochs = [];
  for (let epoch = 0; epoch < 6; epoch++) {
    const { learner, ...rest } = await trainEpoch(plan, dataset, checkpoint, () => {});
    checkpoint = { weights: checkpoint.weights, learner };
    epochs.push(rest);
  }
  const first = epochs.findIndex(({ guarded: found }) => found!.signs.includes("free"));
  assert.ok(first >= 0 && first < 5, "no collapse was seen");
  assert.deepEqual([epochs[first]!.guarded!.rests, epochs[first]!.guarded!.dropout], [true, 0.25]);
  assert.deepEqual(epochs[first + 1]!.logits, epochs[first]!.logits, "architecture parameters rest");
  assert.notDeepEqual(epochs[first]!.logits, evenLogits(choices));
  assert.notDeepEqual(epochs[first + 2]!.logits, epochs[first]!.logits, "then they go on");
  assert.ok(checkpoint.learner.dropout >= 0.25);
  const answer: EpochAnswer = { ...epochs[first]!, kind: "epoch", epoch: first, checkpoint: "", seconds: 1 };
  assert.match(
    answerLine({ number: first, question: "", answer }),
    /sign of collapse: candidates without weights have .* %.*: architecture parameters rest for an epoch, and 25\.0 % of the steps/,
  );
});

test("warm-up leaves architecture parameters as they are, and the epoch after it moves them", async () => {
  const plan = planOf({ warmUp: 1 });
  const checkpoint = beginning(plan);
  const warm = await trainEpoch(plan, greys(500), checkpoint, () => {});
  assert.deepEqual(warm.learner.logits, evenLogits(choices));
  const next = await trainEpoch(plan, greys(500), { ...checkpoint, learner: warm.learner }, () => {});
  assert.notDeepEqual(next.learner.logits, evenLogits(choices));
});

test("what is left out of steps lets the weights beside it learn, though the search would take skips alone", async () => {
  const plan = planOf({ warmUp: 7 });
  /** Keys of stage b's weights that an epoch moved, with skips at all but certainty. */
  const moved = async (dropout: number): Promise<number> => {
    const { weights } = beginning(plan);
    const before = new Map([...weights].map(([key, { values }]) => [key, values.slice()]));
    const learner = after(0, leaning(40), { dropout });
    await trainEpoch(plan, greys(500), { weights, learner }, () => {});
    return [...weights].filter(
      ([key, { values }]) => key.startsWith("b") && values.some((v, i) => v !== before.get(key)![i]),
    ).length;
  };
  assert.equal(await moved(0), 0);
  assert.ok((await moved(0.75)) > 4);
});
