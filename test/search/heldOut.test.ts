import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { encodingOf } from "../../src/search/encoding.js";
import { heldOut, readingOf } from "../../src/search/heldOut.js";
import type { Meaning } from "../../src/search/settings.js";
import { bananas } from "../../src/search/strategies/bananas.js";
import { ofaEvolution } from "../../src/search/strategies/ofaEvolution.js";
import type { Trial } from "../../src/search/trial.js";
import { formatGenome } from "../../src/space/candidate.js";
import { decisionsOf } from "../../src/space/compose.js";
import { sample } from "../../src/space/moves.js";
import { fbnet } from "../../src/space/spaces/index.js";
import { failed, scored } from "./trials.js";

const meaning = (strategy: string, strategyOptions: Meaning["strategyOptions"]) =>
  ({ space: fbnet, strategy, strategyOptions, seed: 1 }) as Meaning;
const ridge = meaning("ofa-evolution", { ...ofaEvolution.defaults(60), predictor: "ridge" });

/** Networks whose accuracy is what their first two decisions come to. */
const trials: readonly Trial[] = Array.from({ length: 60 }, (_, number) => {
  const genome = sample(fbnet, stream(number));
  const [a, b] = decisionsOf(fbnet, genome);
  const accuracy = 0.1 + 0.4 * (a!.index / a!.values) + 0.4 * (b!.index / b!.values);
  return scored({ number, genome: formatGenome(fbnet, genome), accuracy });
});

test("a strategy that predicts nothing holds nothing out", () => {
  assert.equal(heldOut(meaning("aging", {}), trials), undefined);
});

test("it is the strategy's predictor and encoding that are held to the trials", () => {
  const { skill, ...by } = heldOut(ridge, trials)!;
  assert.deepEqual(by, { predictor: "ridge", encoding: "one-hot", folds: 5 });
  assert.equal(skill!.held, 60);
  assert.ok(skill!.spearman > 0.3, `${skill!.spearman}`);
  const { predictor } = heldOut(meaning("bananas", bananas.defaults(60)), trials.slice(0, 20))!;
  assert.equal(predictor, "mlp-ensemble");
});

test("with fewer than ten networks there is no skill to tell, and without trials none either", () => {
  assert.equal(heldOut(ridge, trials.slice(0, 9))!.skill, null);
  assert.equal(heldOut(ridge, trials.slice(0, 10))!.skill!.held, 10);
  assert.equal(heldOut(ridge, [])!.skill, null);
});

test("failed trials, answers shared with another and longer trainings are left out", () => {
  const [one, ...rest] = trials.slice(0, 12);
  const first = [one!, ...rest].map((trial) => ({ ...trial, askedEpochs: 1 }));
  const others: readonly Trial[] = [
    { ...failed(12), genome: one!.genome, askedEpochs: 1 },
    { ...one!, number: 13, duplicateOf: 0, askedEpochs: 1 },
    { ...one!, number: 14, askedEpochs: 3 },
  ];
  assert.deepEqual(heldOut(ridge, [...first, ...others]), heldOut(ridge, first));
});

test("an encoding that a space does not have is refused before anything is trained, as no genome can be read by it", () => {
  const { genome } = trials[0]!;
  assert.throws(() => encodingOf("path")(readingOf(fbnet), genome), /this space has no path encoding/);
  assert.ok(encodingOf("one-hot")(readingOf(fbnet), genome).length > 10);
});
