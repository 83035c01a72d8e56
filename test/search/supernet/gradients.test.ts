import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import * as targets from "../../../src/latency/targets/index.js";
import {
  type Choices,
  choicesOf,
  type Distribution,
  distributionOf,
  evenLogits,
  type Logits,
  zeroGradient,
} from "../../../src/search/supernet/architecture.js";
import { latencyLosses } from "../../../src/search/supernet/latencyLoss.js";
import type { SupernetPlan } from "../../../src/search/supernet/question.js";
import { stageLatency } from "../../../src/search/supernet/stageLatency.js";
import type { Site } from "../../../src/search/supernet/steps.js";
import {
  addLossGradient,
  drawSeveral,
  extreme,
  gumbelMixed,
  pass,
  taught,
} from "../../../src/search/supernet/steps.js";
import { findWeights, startingWeights } from "../../../src/search/supernet/weights.js";
import { builderOf } from "../../../src/space/build.js";
import { reference } from "../../../src/train/engines/reference.js";
import { wasm } from "../../../src/train/engines/wasm.js";
import { uneven } from "./spaces.js";

const choices: Choices = choicesOf(uneven);
const proxy = { resolution: 8, channels: 3, classes: 4, width: 1, dropStrides: 0 };
const plan: SupernetPlan = {
  space: uneven,
  proxy,
  fidelity: { images: 20, batch: 4 },
  engine: "reference",
  seed: 1,
  rule: {
    ...{ paths: "gumbel", sharing: "choices", epochs: 2, warmUp: 0, branches: 3 },
    ...{ loss: "add-linear", rate: 0.1 },
  },
  latency: stageLatency(choices, targets.iphone13Npu),
  limitMs: 1,
};
const weights = startingWeights(findWeights(uneven, proxy, "choices"), 1);
for (const { values, role } of weights.values()) if (role === "gamma") values.fill(1);
const site: Site = {
  ...{ plan, choices, shared: weights, engine: reference },
  builder: builderOf(uneven, proxy),
  held() {},
};
const rng = stream(5, "batch");
const batch = {
  images: Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => rng.normal()),
  labels: Uint8Array.from([0, 1, 2, 3]),
  count: 4,
};
const logits: Logits = Object.fromEntries(
  Object.entries(evenLogits(choices)).map(([name, v]) => [name, v.map(() => rng.normal())]),
);
const distribution = distributionOf(choices, logits);

test("the gradient of architecture parameters through a Gumbel-softmax mixture is that of finite differences", async () => {
  const taken = drawSeveral(site, distribution.candidates, 3, stream(2, "taken"));
  assert.ok(taken.some((numbers) => numbers.length > 1));
  const lossAt = async (moved: Distribution) => {
    const { coefficients } = gumbelMixed(moved, taken, 0.8, stream(3, "noise"));
    return pass(site, batch, taken, coefficients);
  };
  const { byCoefficient } = await lossAt(distribution);
  const mixed = gumbelMixed(distribution, taken, 0.8, stream(3, "noise"));
  const gradient = zeroGradient(choices);
  addLossGradient(gradient, site, distribution, { taken, mixed, byCoefficient, advantage: 0, factor: 1 });
  let largest = 0;
  for (const [name, values] of Object.entries(logits))
    for (let value = 0; value < values.length; value++) {
      const at = async (by: number) => {
        const moved = { ...logits, [name]: values.map((v, k) => (k === value ? v + by : v)) };
        return (await lossAt(distributionOf(choices, moved))).loss;
      };
      const slope = ((await at(0.01)) - (await at(-0.01))) / 0.02;
      const g = gradient[name]![value]!;
      largest = Math.max(largest, Math.abs(g));
      assert.ok(Math.abs(g - slope) < 1e-4 + 0.01 * Math.abs(slope), `${name}[${value}]: ${g}, not ${slope}`);
    }
  assert.ok(largest > 1e-3, "the test would see no gradient");
});

for (const [name, trade] of Object.entries(latencyLosses))
  test(`loss ${name}: its derivatives are those of finite differences`, () => {
    for (const [loss, ms, limitMs, weight] of [
      [2.3, 0.9, 1, 1],
      [0.7, 0.3, 0.25, 3],
      [1.5, 40, 20, 0.2],
    ] as const) {
      const { byLoss, byMs } = trade(loss, ms, limitMs, weight);
      const h = 1e-6;
      const slopeLoss =
        (trade(loss + h, ms, limitMs, weight).value - trade(loss - h, ms, limitMs, weight).value) / (2 * h);
      const slopeMs =
        (trade(loss, ms + h, limitMs, weight).value - trade(loss, ms - h, limitMs, weight).value) / (2 * h);
      assert.ok(Math.abs(byLoss - slopeLoss) < 1e-6 && Math.abs(byMs - slopeMs) < 1e-6 * (1 + byMs));
      assert.ok(byLoss > 0 && byMs > 0);
    }
  });

test("a pupil's gradient is that of cross-entropy with the teacher's probabilities, in both engines", async () => {
  const taken = choices.stages.map(() => [0]);
  const none = taken.map(() => [1]);
  const { logits: said } = await pass(site, batch, extreme(site, true), none);
  const targets = taught(said, 4);
  const { loss, logits: own } = await pass(site, { ...batch, targets }, taken, none);
  let expected = 0;
  for (let row = 0; row < 4; row++) {
    const p = taught(own.subarray(4 * row, 4 * row + 4), 4);
    for (let c = 0; c < 4; c++) expected -= (targets[4 * row + c]! * Math.log(p[c]!)) / 4;
  }
  assert.ok(Math.abs(loss - expected) < 1e-4, `${loss}, not ${expected}`);
  const fast = await pass({ ...site, engine: wasm }, { ...batch, targets }, taken, none);
  assert.ok(Math.abs(fast.loss - loss) < 1e-3 * loss);
});
