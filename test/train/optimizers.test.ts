import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { input, nodes } from "../../src/graph/node.js";
import type { Engine, OptimiserOptions } from "../../src/train/engine.js";
import * as engines from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";
import { stayingAt } from "../../src/train/rules.js";
import { missing } from "./missing.js";
import { batchFor, composed } from "./networks.js";

const plain: OptimiserOptions = { momentum: 0.9, nesterov: false, weightDecay: 0.2, labelSmoothing: 0 };

/** One number in, two logits out by the weights [a, b]: the gradient is [p - 1, 1 - p], p = sigmoid(a - b). */
const scalar = input([1, 1, 1]).conv(2);
const kernel = "output/conv0/kernel";
const scalarBatch = { images: Float32Array.of(1), labels: Uint8Array.of(0), count: 1 };
const gradientAt = ([a, b]: readonly number[]) => {
  const p = 1 / (1 + Math.exp(b! - a!));
  return [p - 1, 1 - p];
};
const start = [0.75, -0.5];
const rates = [0.125, 0.0625, 0.25];

/** The weights after each of three steps, worked out by a rule in float64. */
const byHand = (move: (w: number, g: number, own: number[], rate: number, t: number) => number) => {
  const own = [
    [0, 0],
    [0, 0],
  ];
  let weights = start;
  return rates.map((rate, i) => {
    const gradient = gradientAt(weights);
    weights = weights.map((w, j) => move(w, gradient[j]!, own[j]!, rate, i + 1));
    return weights;
  });
};

const rulesByHand = {
  sgd: byHand((w, g, own, rate) => {
    own[0] = 0.9 * own[0]! + g + 0.2 * w;
    return w - rate * own[0];
  }),
  adamw: byHand((w, g, own, rate, t) => {
    own[0] = 0.9 * own[0]! + 0.1 * g;
    own[1] = 0.999 * own[1]! + 0.001 * g ** 2;
    const [m, s] = [own[0] / (1 - 0.9 ** t), own[1] / (1 - 0.999 ** t)];
    return w * (1 - rate * 0.2) - (rate * m) / (Math.sqrt(s) + 1e-8);
  }),
  rmsprop: byHand((w, g, own, rate, t) => {
    const pull = g + 0.2 * w;
    if (t === 1) own[0] = 1;
    own[0] = 0.9 * own[0]! + 0.1 * pull ** 2;
    own[1] = 0.9 * own[1]! + (rate * pull) / Math.sqrt(own[0] + 1e-3);
    return w - own[1];
  }),
};
const ruleNames = ["sgd", "adamw", "rmsprop"] as const;

const closeTo = (found: ArrayLike<number>, expected: readonly number[], limit: number) =>
  expected.forEach((e, i) => {
    assert.ok(Math.abs(found[i]! - e) < limit, `${found[i]} is not ${e}`);
  });

const scalarTrainer = (engine: Engine, changed: Partial<OptimiserOptions>) =>
  engine.open(scalar, new Map([[kernel, Float32Array.from(start)]]), { ...plain, ...changed });

for (const [name, engine] of Object.entries(engines)) {
  const why = await missing(engine);
  if (why !== undefined) {
    test(`${name} moves weights by every rule`, { skip: why }, () => {});
    continue;
  }

  for (const rule of ruleNames)
    test(`${name} moves weights by ${rule} as worked out by hand`, async () => {
      const trainer = await scalarTrainer(engine, { rule });
      rates.forEach((rate, i) => {
        trainer.step(scalarBatch, rate);
        closeTo(trainer.weights().get(kernel)!, rulesByHand[rule][i]!, 5e-7);
      });
      trainer.dispose();
    });

  test(`${name} hands out averages of weights while training goes on beside them`, async () => {
    const trainer = await scalarTrainer(engine, { averaging: 0.3 });
    let average = start;
    rates.forEach((rate, i) => {
      trainer.step(scalarBatch, rate);
      const stays = [2 / 11, 3 / 12, 0.3][i]!;
      average = average.map((a, j) => stays * a + (1 - stays) * rulesByHand.sgd[i]![j]!);
      closeTo(trainer.weights().get(kernel)!, average, 5e-7);
      closeTo(trainer.logits(scalarBatch), average, 5e-7);
    });
    trainer.dispose();
  });
}

test("a moving average starts short and grows to what was asked", () => {
  assert.equal(stayingAt(0.999, 1), 2 / 11);
  assert.equal(stayingAt(0.999, 8), 0.5);
  assert.equal(stayingAt(0.999, 100_000), 0.999);
});

for (const [name, engine] of Object.entries(engines)) {
  if (engine === engines.reference || (await missing(engine)) !== undefined) continue;
  for (const rule of ruleNames)
    test(`${name} trains a whole network by ${rule}, with averages, as the reference does`, async () => {
      const out = composed.everything!;
      const weights = initialWeights(out, stream(1, "weights"));
      const options = { ...plain, weightDecay: 0.01, labelSmoothing: 0.1, rule, averaging: 0.5 };
      const batches = [1, 2, 3].map((seed) => batchFor(nodes(out)[0]!.shape, 4, seed));
      const after = async (chosen: Engine) => {
        const trainer = await chosen.open(out, weights, options);
        for (const batch of batches) trainer.step(batch, 2e-3);
        const found = trainer.weights();
        trainer.dispose();
        return found;
      };
      const [found, expected] = [await after(engine), await after(engines.reference)];
      const moved = (to: ReadonlyMap<string, Float32Array>) =>
        [...weights].flatMap(([path, from]) => Array.from(from, (w, i) => to.get(path)![i]! - w));
      const [a, b] = [moved(found), moved(expected)];
      const off = Math.hypot(...a.map((x, i) => x - b[i]!)) / Math.hypot(...b);
      // AdamW's first steps go by the sign of each gradient, which rounding decides where the gradient is next to 0.
      assert.ok(off < (rule === "adamw" ? 2e-2 : 1e-4), `off by ${off}`);
    });
}
