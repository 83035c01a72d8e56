import assert from "node:assert/strict";
import { test } from "node:test";
import { spearman } from "../../src/base/rank.js";
import { stream } from "../../src/base/rng.js";
import { mean } from "../../src/base/stats.js";
import { nasbench201 } from "../../src/search/benchmarks/nasbench201.js";
import { encodingOf } from "../../src/search/encoding.js";
import { crossValidate, type Example, examplesOf, type Predictor } from "../../src/search/predictor.js";
import * as predictors from "../../src/search/predictors/index.js";
import { ridge } from "../../src/search/predictors/ridge.js";
import { nasBench, noNasBench } from "./nasBench.js";
import { failed, scored } from "./trials.js";

/** Three decisions of four values, each worth a fixed amount of accuracy. */
const worth = (decision: number, value: number): number => (((decision + 1) * value * 7) % 11) / 60;
const additive: readonly Example[] = Array.from({ length: 64 }, (_, n) => {
  const values = [n % 4, Math.floor(n / 4) % 4, Math.floor(n / 16)];
  return {
    features: values.map((value, decision) => `${decision}=${value}`),
    accuracy: 0.3 + values.reduce((sum, value, decision) => sum + worth(decision, value), 0),
  };
});
const [learnt, unseen] = [additive.filter((_, i) => i % 3 > 0), additive.filter((_, i) => i % 3 === 0)];
const guessOf = (predictor: Predictor, examples: readonly Example[], seed = 1) => {
  const predict = predictor.fit(examples, stream(seed));
  return ({ features }: Pick<Example, "features">): number => mean(predict(features));
};

for (const [name, member] of Object.entries(predictors)) {
  const predictor: Predictor = member;

  test(`${name}: the same examples and stream give the same guesses`, () => {
    const guesses = () => unseen.map(guessOf(predictor, learnt));
    assert.deepEqual(guesses(), guesses());
  });

  test(`${name}: a sum of what the decisions give is found, for networks not among the examples`, () => {
    const guesses = unseen.map(guessOf(predictor, learnt));
    const rank = spearman(
      guesses,
      unseen.map(({ accuracy }) => accuracy),
    );
    assert.ok(rank > 0.9, `${rank}`);
  });

  test(`${name}: one example, equal examples and features never met give a finite guess near them`, () => {
    const [one] = learnt;
    for (const examples of [[one!], [one!, one!, one!]])
      for (const features of [one!.features, ["never met"], []])
        assert.ok(Math.abs(guessOf(predictor, examples)({ features }) - one!.accuracy) < 0.05);
  });

  test(`${name}: an accuracy of 1 or 0 is an accuracy like others`, () => {
    const guess = guessOf(predictor, [
      { features: ["a"], accuracy: 1 },
      { features: ["b"], accuracy: 0 },
    ]);
    assert.ok(Number.isFinite(guess({ features: ["a"] })) && Number.isFinite(guess({ features: ["b"] })));
  });

  test(`${name}: from 100 cells of NAS-Bench-201 it ranks others better than chance by far`, {
    skip: noNasBench,
  }, () => {
    const { moves, evaluate } = nasbench201.open({ file: nasBench });
    const rng = stream(3);
    const drawn = Array.from({ length: 600 }, () => {
      const genome = moves.sample(rng);
      return { features: encodingOf("one-hot")(moves, genome), accuracy: evaluate(genome).accuracy };
    });
    const [seen, others] = [drawn.slice(0, 100), drawn.slice(100)];
    const guesses = others.map(guessOf(predictor, seen));
    const actual = others.map(({ accuracy }) => accuracy);
    const rank = spearman(guesses, actual);
    assert.ok(rank > 0.5, `${rank}`);
    const error = (guess: (i: number) => number) => mean(actual.map((a, i) => Math.abs(guess(i) - a)));
    const middle = mean(seen.map(({ accuracy }) => accuracy));
    assert.ok(
      error((i) => guesses[i]!) < error(() => middle),
      `${error((i) => guesses[i]!)}, the mean of them all ${error(() => middle)}`,
    );
  });
}

test("ridge finds the amounts of a sum without noise to a thousandth", () => {
  const guess = guessOf(ridge, learnt);
  for (const example of unseen) assert.ok(Math.abs(guess(example) - example.accuracy) < 1e-3);
});

test("ridge takes a large penalty where the features say nothing, so it guesses near the mean", () => {
  const rng = stream(5);
  const noise = learnt.map(({ features }) => ({ features, accuracy: 0.5 + 0.01 * rng.normal() }));
  const guess = guessOf(ridge, noise);
  const spread = Math.max(...unseen.map(guess)) - Math.min(...unseen.map(guess));
  assert.ok(spread < 0.015, `${spread}`);
});

test("cross-validation holds each example out once, and finds no skill where there is none", () => {
  const rng = stream(9);
  const skill = crossValidate(ridge, additive, 5, rng);
  assert.equal(skill.held, 64);
  assert.ok(skill.spearman > 0.99 && skill.kendall > 0.95 && skill.error < 1e-3);
  const shuffled = rng.shuffle(additive.map(({ accuracy }) => accuracy));
  const none = crossValidate(
    ridge,
    additive.map(({ features }, i) => ({ features, accuracy: shuffled[i]! })),
    5,
    rng,
  );
  assert.ok(Math.abs(none.spearman) < 0.4, `${none.spearman}`);
  assert.throws(() => crossValidate(ridge, additive.slice(0, 4), 5, rng), RangeError);
});

test("a predictor never sees the example it is asked about", () => {
  const seen: number[] = [];
  const spy: Predictor = {
    summary: "",
    fit: (examples) => {
      const known = new Set(examples.map(({ features }) => features[0]));
      return ([name]) => {
        assert.ok(!known.has(name));
        seen.push(Number(name));
        return [0.5];
      };
    },
  };
  const examples = Array.from({ length: 12 }, (_, i) => ({ features: [String(i)], accuracy: i / 12 }));
  crossValidate(spy, examples, 4, stream(1));
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    examples.map((_, i) => i),
  );
});

test("only trials with an accuracy are examples", () => {
  const moves = { decisions: (genome: string) => [{ name: "g", values: 9, index: Number(genome.slice(1)) }] };
  assert.deepEqual(
    examplesOf([scored({ number: 2, accuracy: 0.4 }), failed(3)], moves, encodingOf("one-hot")),
    [{ features: ["g=2"], accuracy: 0.4 }],
  );
});
