import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { cost } from "../../src/graph/cost.js";
import { energyMj } from "../../src/graph/energy.js";
import type { Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";
import { latencyOf } from "../../src/search/latencyOf.js";
import { measurer } from "../../src/search/measure.js";
import { build, deployedForm } from "../../src/space/build.js";
import { formatGenome } from "../../src/space/candidate.js";
import { sample } from "../../src/space/moves.js";
import type { Space } from "../../src/space/space.js";
import * as spaces from "../../src/space/spaces/index.js";

const { iphone13Npu, galaxyS24Npu, pixel3Cpu } = targets;

/** Measures of drawn genomes are those of their whole graphs. */
function agrees(space: Space, target: Target): void {
  const measure = measurer(space, target);
  const predict = latencyOf(target, space);
  for (let i = 0; i < 60; i++) {
    const genome = sample(space, stream(7, space.name, i));
    const text = formatGenome(space, genome);
    const out = build(space, genome, deployedForm(space));
    const { ms, lowMs, highMs, extrapolated } = predict(text, () => out);
    const known = cost(out);
    const { params, macs, peakActivationBytes } = known;
    const { latencyMs, latencyLowMs, latencyHighMs, latencyKind, ...costs } = measure(text);
    assert.deepEqual(costs, { params, macs, peakActivationBytes, energyMj: energyMj(known) }, text);
    assert.equal(latencyKind, extrapolated ? "extrapolated" : "predicted", text);
    for (const [got, want] of [
      [latencyMs, ms],
      [latencyLowMs, lowMs],
      [latencyHighMs, highMs],
    ] as const)
      assert.ok(Math.abs(got / want - 1) < 1e-12, `${text}: ${got}, not ${want}`);
  }
}

for (const [name, space] of Object.entries<Space>(spaces))
  test(`the pieces of ${name}'s networks add up to cost and latency of the whole graph`, () => {
    agrees(space, iphone13Npu);
    agrees(space, galaxyS24Npu);
  });

test("by a table the latency is the table's, and the cost that of the graph", () =>
  agrees(spaces.fbnet, pixel3Cpu));

test("a gene that the space does not have is refused by name", () => {
  const measure = measurer(spaces.mnasnet, iphone13Npu);
  const genome = formatGenome(spaces.mnasnet, sample(spaces.mnasnet, stream(1, "x")));
  assert.throws(() => measure(genome.replace(/kernel=\d/, "kernel=4")), /kernel is 4/);
});
