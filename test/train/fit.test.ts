import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import type { Dataset } from "../../src/train/dataset.js";
import { reference } from "../../src/train/engines/index.js";
import { type Fidelity, type Fitted, fit, type Progress, recipe } from "../../src/train/fit.js";
import { initialWeights } from "../../src/train/initial.js";
import { short, toy, toyNetwork } from "./toy.js";

async function run(fidelity: Fidelity, seed = 1, learningRate?: number, data: Dataset = toy()) {
  const weights = initialWeights(toyNetwork, stream(seed, "init", 0));
  const trainer = await reference.open(toyNetwork, weights, recipe.optimiser);
  const found: Progress[] = [];
  for await (const progress of fit(trainer, data, fidelity, stream(seed, "data", 0), learningRate))
    found.push(progress);
  return { found, weights: trainer.weights() };
}

const epochs = (found: readonly Progress[]) =>
  found.map((progress) => {
    assert.ok(progress.status === "epoch");
    return progress;
  });

test("loss falls and accuracy rises on bars that lie or stand", async () => {
  const { found } = await run({ epochs: 6, images: 160, batch: 16 }, 1, 0.4);
  const [first, last] = [epochs(found)[0]!, epochs(found).at(-1)!];
  assert.deepEqual(
    epochs(found).map((e) => e.epoch),
    [1, 2, 3, 4, 5, 6],
  );
  assert.ok(last.loss < 0.8 * first.loss, `${first.loss} ${last.loss}`);
  assert.ok(last.validationAccuracy > 0.9, `${last.validationAccuracy}`);
  assert.ok(last.trainAccuracy > 0.8, `${last.trainAccuracy}`);
});

test("the same seed gives the same bits, another seed others", async () => {
  const still = ({ found, weights }: Awaited<ReturnType<typeof run>>) => ({
    found: epochs(found).map(({ seconds, ...rest }) => rest),
    weights,
  });
  const once = still(await run(short));
  assert.deepEqual(still(await run(short)), once);
  assert.notDeepEqual(still(await run(short, 2)), once);
});

test("fidelity says how many images: whole batches of the first ones, or all there are", async () => {
  const seen = async (fidelity: Fidelity) => epochs((await run(fidelity)).found).map((e) => e.images);
  assert.deepEqual(await seen({ epochs: 2, images: 70, batch: 16 }), [64, 64]);
  assert.deepEqual(await seen({ epochs: 1, images: 1000, batch: 32 }), [160]);
  assert.deepEqual(await seen({ epochs: 1, images: 10, batch: 64 }), [10]);
});

test("images beyond those asked for are not looked at", async () => {
  const data = toy();
  const blind = {
    ...data,
    train: { ...data.train, images: data.train.images.map((v, i) => (i < 64 * 64 ? v : 0)) },
  };
  const { weights } = await run(short);
  assert.deepEqual((await run(short, 1, undefined, blind)).weights, weights);
});

test("every epoch takes each image once, in an order of its own", async () => {
  const data = toy();
  const named = { ...data, train: { ...data.train, labels: data.train.labels.map((_, i) => i) } };
  const seen: number[] = [];
  const watched: Fitted = {
    step(batch) {
      seen.push(...batch.labels);
      return { loss: 0, correct: 0 };
    },
    logits: ({ count }) => new Float32Array(2 * count),
  };
  for await (const _ of fit(watched, named, short, stream(1, "data", 0)));
  const [first, second] = [seen.slice(0, 64), seen.slice(64)];
  const each = Array.from({ length: 64 }, (_, i) => i);
  for (const order of [first, second]) {
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      each,
    );
    assert.notDeepEqual(order, each);
  }
  assert.notDeepEqual(first, second);
});

test("between epochs a glance at 500 validation images is enough; the last epoch looks at all", async () => {
  const { found } = await run({ epochs: 2, images: 16, batch: 16 }, 1, undefined, toy(4000));
  assert.deepEqual(
    epochs(found).map((e) => e.validated),
    [500, 800],
  );
});

test("a loss that is not finite ends the trial, with the epoch and the step", async () => {
  const { found } = await run(short, 1, 1e200);
  assert.equal(found.length, 1);
  const [only] = found;
  assert.ok(only?.status === "failed");
  assert.match(only.why, /^diverged: loss is (NaN|Infinity) in epoch 1, step [234]$/);
});

test("logits that are not finite end the trial, with the epoch", async () => {
  const { found } = await run({ epochs: 1, images: 16, batch: 16 }, 1, 1e200);
  assert.deepEqual(found, [{ status: "failed", why: "diverged: logits are not finite after epoch 1" }]);
});
