import assert from "node:assert/strict";
import { test } from "node:test";
import { cost } from "../../src/graph/cost.js";
import { energyMj } from "../../src/graph/energy.js";
import { input } from "../../src/graph/node.js";

test("the energy proxy is 4.6 pJ a multiply-accumulate and 640 pJ a word of 4 bytes", () => {
  assert.ok(Math.abs(energyMj({ macs: 1e9, trafficBytes: 0 }) - 4.6) < 1e-12);
  assert.ok(Math.abs(energyMj({ macs: 0, trafficBytes: 4e6 }) - 0.64) < 1e-12);
});

test("what is fused moves nothing: the same MACs with one feature map fewer in memory take less", () => {
  const image = input([4, 8, 8]);
  const fused = image.conv(4).norm().act("relu");
  // The map between the two is read twice, so it must be written and read.
  const apart = image.conv(4);
  const twice = apart.act("relu").add(apart.act("sigmoid"));
  const [a, b] = [cost(fused), cost(twice)];
  assert.equal(a.macs, b.macs);
  assert.ok(energyMj(a) < energyMj(b));
});
