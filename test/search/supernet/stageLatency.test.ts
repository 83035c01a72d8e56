import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import type { Target } from "../../../src/latency/target.js";
import * as targets from "../../../src/latency/targets/index.js";
import { measurer } from "../../../src/search/measure.js";
import {
  choicesOf,
  distributionOf,
  evenLogits,
  type Logits,
  lineOf,
  zeroGradient,
} from "../../../src/search/supernet/architecture.js";
import { constrainedArgmax, likeliest } from "../../../src/search/supernet/derive.js";
import {
  addLatencyGradient,
  expectedMs,
  pickedMs,
  stageLatency,
} from "../../../src/search/supernet/stageLatency.js";
import { fbnet, rapidnet } from "../../../src/space/spaces/index.js";
import { small, uneven } from "./spaces.js";

const target: Target = targets.iphone13Npu;

/** Every network, as candidates' numbers. */
const everyPick = (stages: readonly (readonly unknown[])[]): number[][] =>
  stages.reduce<number[][]>((all, stage) => all.flatMap((p) => stage.map((_, c) => [...p, c])), [[]]);

const drawnLogits = (logits: Logits, seed: number): Logits => {
  const rng = stream(seed, "logits");
  return Object.fromEntries(Object.entries(logits).map(([name, v]) => [name, v.map(() => rng.normal())]));
};

for (const space of [small, uneven]) {
  const choices = choicesOf(space);
  const latency = stageLatency(choices, target);
  const measure = measurer(space, target);
  const all = everyPick(choices.stages);

  test(`${space.name}: what stages add is what the target says of the whole network`, () => {
    for (const picked of all) {
      const { latencyMs } = measure(lineOf(choices, picked));
      assert.ok(Math.abs(pickedMs(latency, picked) - latencyMs) < 1e-12);
    }
  });

  test(`${space.name}: expected latency is the mean over all networks, to 1e-9`, () => {
    for (const seed of [1, 2, 3]) {
      const { candidates } = distributionOf(choices, drawnLogits(evenLogits(choices), seed));
      for (const stage of candidates) assert.ok(Math.abs(stage.reduce((a, b) => a + b) - 1) < 1e-12);
      const mean = all.reduce((sum, picked) => {
        const p = picked.reduce((product, c, i) => product * candidates[i]![c]!, 1);
        return sum + p * measure(lineOf(choices, picked)).latencyMs;
      }, 0);
      assert.ok(Math.abs(expectedMs(latency, candidates).ms - mean) < 1e-9);
    }
  });

  test(`${space.name}: the gradient of expected latency by logits is that of finite differences`, () => {
    const logits = drawnLogits(evenLogits(choices), 4);
    const distribution = distributionOf(choices, logits);
    const gradient = zeroGradient(choices);
    const { gradient: byP } = expectedMs(latency, distribution.candidates);
    addLatencyGradient(gradient, choices, distribution, byP, 1);
    const at = (name: string, value: number, by: number) => {
      const moved = { ...logits, [name]: logits[name]!.map((v, k) => (k === value ? v + by : v)) };
      return expectedMs(latency, distributionOf(choices, moved).candidates).ms;
    };
    for (const [name, values] of Object.entries(gradient))
      values.forEach((g, value) => {
        const slope = (at(name, value, 1e-5) - at(name, value, -1e-5)) / 2e-5;
        assert.ok(Math.abs(g - slope) < 1e-8, `${name}[${value}]: ${g}, not ${slope}`);
      });
  });

  test(`${space.name}: what is derived is the best of all networks within the limit`, () => {
    const times = all.map((picked) => measure(lineOf(choices, picked)).latencyMs).sort((a, b) => a - b);
    for (const seed of [1, 2, 3, 4])
      for (const share of [0, 0.1, 0.5, 1]) {
        const limitMs = times[Math.floor(share * (times.length - 1))]! * (1 + 1e-8);
        const distribution = distributionOf(choices, drawnLogits(evenLogits(choices), seed));
        const scoreOf = (picked: readonly number[]) =>
          picked.reduce((sum, c, i) => sum + Math.log(distribution.candidates[i]![c]!), 0);
        const derived = likeliest(latency, distribution, limitMs)!;
        const ms = measure(lineOf(choices, derived)).latencyMs;
        assert.ok(ms <= limitMs, `${ms} ms is over ${limitMs} ms`);
        const best = Math.max(
          ...all.filter((p) => measure(lineOf(choices, p)).latencyMs <= limitMs).map(scoreOf),
        );
        assert.ok(Math.abs(scoreOf(derived) - best) < 1e-9);
      }
    assert.equal(
      likeliest(latency, distributionOf(choices, evenLogits(choices)), times[0]! * 0.99),
      undefined,
    );
  });
}

test("deriving never goes over the limit in the built-in spaces, whatever the scores", () => {
  for (const space of [rapidnet, fbnet]) {
    const choices = choicesOf(space);
    const latency = stageLatency(choices, target);
    const measure = measurer(space, target);
    const rng = stream(3, space.name);
    for (let i = 0; i < 5; i++) {
      const scores = choices.stages.map((stage) => stage.map(() => rng.normal()));
      const even = expectedMs(
        latency,
        choices.stages.map((stage) => stage.map(() => 1 / stage.length)),
      ).ms;
      const limitMs = even * (0.8 + 0.1 * i);
      const derived = constrainedArgmax(latency, scores, limitMs * (1 - 1e-9))!;
      assert.ok(measure(lineOf(choices, derived)).latencyMs <= limitMs);
    }
  }
});
