import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { evenLogits } from "../../../src/search/supernet/architecture.js";
import { beginning } from "../../../src/search/supernet/beginning.js";
import { trainEpoch } from "../../../src/search/supernet/epoch.js";
import { asked, borrow, recalibrated, withTrainer } from "../../../src/search/supernet/network.js";
import { scoredImages, scoreOf } from "../../../src/search/supernet/score.js";
import { splitsOf } from "../../../src/search/supernet/splits.js";
import { build } from "../../../src/space/build.js";
import { parseGenome } from "../../../src/space/candidate.js";
import { trainingBatch, validationBatch } from "../../../src/train/augment.js";
import { wasm } from "../../../src/train/engines/wasm.js";
import { choices, greys, planOf } from "./site.js";
import { small } from "./spaces.js";

const plan = planOf({ paths: "uniform", epochs: 24 });
const dataset = greys(500);
const splits = splitsOf(dataset, plan.fidelity.images);
const trained = beginning(plan);
for (let { learner } = trained; learner.epoch < plan.rule.epochs; )
  ({ learner } = await trainEpoch(plan, dataset, { ...trained, learner }, () => {}));
const site = { plan, engine: wasm, shared: trained.weights, splits };

const genomes = [0, 3].map((n) => `small:${choices.stages.map((stage) => stage[n]!.text).join("/")}`);
const networks = genomes.map((genome) =>
  borrow(build(small, parseGenome(small, genome), plan.proxy), trained.weights, "choices"),
);
const batch = trainingBatch(
  dataset,
  Array.from({ length: 160 }, (_, i) => i),
  stream(1),
);

test("a network derived is scored with batch statistics of its own: before them it guesses, with them it knows", async () => {
  for (const network of networks) {
    const count = Math.min(scoredImages, splits.heldOut.validation.labels.length);
    const without = await asked(wasm, network, splits.heldOut, count, 16);
    const score = await scoreOf(site, network.out);
    assert.ok(score.accuracy > 0.7, `scored ${score.accuracy}`);
    assert.ok(
      without.accuracy < score.accuracy - 0.25 && without.loss > score.loss,
      `${without.accuracy}, ${without.loss} without statistics of its own, ${score.accuracy}, ${score.loss} with them`,
    );
  }
});

test("a network is asked how many images it gets right, and what -ln p of the right class is in the mean", async () => {
  for (const network of networks) {
    const { accuracy, loss } = await asked(wasm, network, splits.heldOut, 7, 3);
    let [right, sum] = [0, 0];
    await withTrainer(wasm, network, (trainer) => {
      for (let n = 0; n < 7; n++) {
        const image = validationBatch(splits.heldOut, n, 1);
        const logits = [...trainer.logits(image)];
        const own = logits[image.labels[0]!]!;
        sum += Math.log(logits.reduce((total, x) => total + Math.exp(x - own), 0));
        if (logits.every((x) => x <= own)) right++;
      }
    });
    assert.equal(accuracy, right / 7);
    assert.ok(Math.abs(loss - sum / 7) < 1e-4 * (1 + loss), `${loss}, not ${sum / 7}`);
  }
});

test("a network that overflows has a loss that is a number, larger than any other's", async () => {
  const [network] = networks;
  const weights = new Map([...network!.weights].map(([path, of]) => [path, of.map(() => 3e38)]));
  const { loss } = await asked(wasm, { ...network!, weights }, splits.heldOut, 4, 4);
  assert.ok(loss > 20 && Number.isFinite(loss), `${loss}`);
});

test("statistics counted on one batch are that batch's own: the network says of it what it says in training", async () => {
  for (const network of networks) {
    const inTraining = await withTrainer(wasm, network, (trainer) => trainer.gradients(batch).logits);
    const after = await recalibrated(wasm, network, [batch]);
    const logits = await withTrainer(wasm, after, (trainer) => trainer.logits(batch));
    const before = await withTrainer(wasm, network, (trainer) => trainer.logits(batch));
    const off = (from: Float32Array) =>
      Math.max(...from.map((v, i) => Math.abs(v - inTraining[i]!))) / Math.max(...inTraining.map(Math.abs));
    assert.ok(off(logits) < 0.02, `off by ${off(logits)}`);
    assert.ok(off(before) > 0.2, `the test would not see the difference: ${off(before)}`);
  }
});

test("two networks that share weights have statistics that differ, and learned weights stay the supernet's", async () => {
  const [a, b] = await Promise.all(networks.map((network) => recalibrated(wasm, network, [batch])));
  const means = [...a!.weights].filter(([path]) => path.endsWith("/mean") && b!.weights.has(path));
  assert.ok(means.length > 0);
  assert.ok(means.some(([path, values]) => values.some((v, i) => v !== b!.weights.get(path)![i])));
  for (const { path } of a!.slots)
    assert.deepEqual(a!.weights.get(path), networks[0]!.weights.get(path), path);
});

test("in an epoch's guards, too, what would be derived is scored with statistics of its own", async () => {
  const rule = { paths: "binary", epochs: 4, warmUp: 3 } as const;
  const learner = { ...trained.learner, epoch: 1, logits: evenLogits(choices) };
  const { guarded } = await trainEpoch(planOf(rule), dataset, { ...trained, learner }, () => {});
  assert.ok(guarded!.accuracy > 0.7 && guarded!.derivedAccuracy! > 0.7, JSON.stringify(guarded));
});
