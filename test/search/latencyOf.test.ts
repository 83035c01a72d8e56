import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import { iphone13Npu, pixel3Cpu } from "../../src/latency/targets/index.js";
import { fastest } from "../../src/search/feasible.js";
import { latencyOf } from "../../src/search/latencyOf.js";
import { measurer } from "../../src/search/measure.js";
import { fbnet, rapidnet } from "../../src/space/spaces/index.js";
import { mobilenet_v2_x1_0 } from "../../src/space/zoo/index.js";

const refused = /known only by a table of the built-in space fbnet/;

test("a target with a table refuses another space, a space altered under the same name, and no space", () => {
  const stages = fbnet.stages.map((stage, i) => (i === 3 ? { ...stage, width: [40] } : stage));
  for (const space of [rapidnet, { ...fbnet, stages }, null])
    assert.throws(
      () => latencyOf(pixel3Cpu, space),
      (error) => error instanceof UserError && error.exitCode === 5 && refused.test(error.message),
    );
  assert.doesNotThrow(() => latencyOf(pixel3Cpu, { ...fbnet, title: "the same networks" }));
});

test("a target with a kernel model predicts a network of any space or none", () => {
  assert.ok(latencyOf(iphone13Npu, null)(null, mobilenet_v2_x1_0.build).ms > 0);
});

test("the fastest network by a table is the cheapest operator of every layer, and its cost is counted", () => {
  const measure = measurer(fbnet, pixel3Cpu);
  const { genome, latencyMs } = fastest(fbnet, measure);
  assert.equal(latencyMs, pixel3Cpu.table.restMs);
  assert.equal(genome, `fbnet:${fbnet.stages.map(() => "skip").join("/")}`);
  assert.ok(measure(genome).macs > 0);
});
