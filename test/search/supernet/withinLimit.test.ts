import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stream } from "../../../src/base/rng.js";
import {
  distributionOf,
  evenLogits,
  type Logits,
  zeroGradient,
} from "../../../src/search/supernet/architecture.js";
import { beginning } from "../../../src/search/supernet/beginning.js";
import { trainEpoch } from "../../../src/search/supernet/epoch.js";
import { addLatencyGradient, expectedMs } from "../../../src/search/supernet/stageLatency.js";
import { withinLimit } from "../../../src/search/supernet/withinLimit.js";
import { choices, greys, planOf } from "./site.js";

const { latency } = planOf({});
const expected = (logits: Logits) => {
  const distribution = distributionOf(choices, logits);
  const { ms, gradient: byProbability } = expectedMs(latency, distribution.candidates);
  const gradient = zeroGradient(choices);
  addLatencyGradient(gradient, choices, distribution, byProbability, 1);
  return { ms, gradient };
};
const drawn = (seed: number): Logits => {
  const rng = stream(seed, "within");
  return Object.fromEntries(
    Object.entries(evenLogits(choices)).map(([name, of]) => [name, of.map(() => rng.normal())]),
  );
};
const lengthOf = (from: Logits, to: Logits): number =>
  Math.hypot(...Object.entries(from).flatMap(([name, of]) => of.map((v, i) => to[name]![i]! - v)));

test("architecture parameters over the limit are brought back to it, none by more than a step may; others stay", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 80, max: 110 }),
      fc.integer({ min: 1, max: 60 }),
      (seed, percent, most) => {
        const logits = drawn(seed);
        const { ms } = expected(logits);
        const limitMs = (percent / 100) * ms;
        const found = withinLimit(logits, limitMs, most / 20, expected);
        if (percent >= 100) assert.equal(found, logits);
        const largest = Math.max(
          ...Object.entries(logits).flatMap(([name, of]) => of.map((v, i) => Math.abs(found[name]![i]! - v))),
        );
        assert.ok(largest <= most / 20 + 1e-9);
        const after = expected(found).ms;
        assert.ok(after <= Math.max(ms, limitMs));
        assert.ok(after <= limitMs * (1 + 1e-3) || largest > most / 20 - 1e-9, `${after} of ${limitMs}`);
      },
    ),
  );
});

test("the way back is hardly longer than the straight one, and what latency does not hang on stays", () => {
  const logits = drawn(3);
  const { ms, gradient } = expected(logits);
  const found = withinLimit(logits, 0.995 * ms, 10, expected);
  const square = Object.values(gradient)
    .flat()
    .reduce((sum, g) => sum + g * g, 0);
  assert.ok(Math.abs(lengthOf(logits, found) / ((0.005 * ms) / Math.sqrt(square)) - 1) < 0.1);
  for (const [name, of] of Object.entries(gradient))
    for (const [i, g] of of.entries()) if (g === 0) assert.equal(found[name]![i], logits[name]![i]);
});

for (const [paths, loss] of [
  ["gumbel", "mul-power"],
  ["binary", "add-linear"],
  ["binary", "mul-log"],
] as const)
  test(`${paths}, ${loss}: expected latency is within the limit after the second epoch of architecture parameters, and stays`, async () => {
    const loose = planOf({ paths, loss, sharing: "slices", epochs: 6, warmUp: 1, rate: 0.3 });
    const even = expected(evenLogits(choices)).ms;
    const plan = { ...loose, limitMs: 0.97 * even };
    let checkpoint = beginning(plan);
    for (let epoch = 0; epoch < 6; epoch++) {
      const { learner, expectedMs } = await trainEpoch(plan, greys(500), checkpoint, () => {});
      checkpoint = { weights: checkpoint.weights, learner };
      if (epoch === 0) assert.ok(expectedMs > plan.limitMs, "the warm-up knows no limit");
      if (epoch > 2) assert.ok(expectedMs < 1.005 * plan.limitMs, `${expectedMs} of ${plan.limitMs}`);
    }
  });
