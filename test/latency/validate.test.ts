import assert from "node:assert/strict";
import { test } from "node:test";
import { kebab } from "../../src/base/lookup.js";
import { kernels } from "../../src/graph/fuse.js";
import { predict } from "../../src/latency/predict.js";
import { kernelShares } from "../../src/latency/shares.js";
import type { Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";
import { atMost, type Case, leftOut, validate } from "../../src/latency/validate.js";
import { rapidnet_ti } from "../../src/space/zoo/index.js";

const near = (got: number, want: number, by = 1e-12) =>
  assert.ok(Math.abs(got - want) <= by, `${got} is not ${want}`);

const one = (measuredMs: number, predictedMs: number, shares = { call: 1 }): Case => ({
  network: `n${measuredMs}`,
  measuredMs,
  predictedMs,
  lowMs: 0.9 * predictedMs,
  highMs: 1.1 * predictedMs,
  shares,
});

test("errors are as worked out by hand", () => {
  const found = validate([one(1, 1.04), one(2, 1.84), one(4, 4.48), one(5, 6)], 0.5);
  near(found.rmseMs, Math.sqrt((0.04 ** 2 + 0.16 ** 2 + 0.48 ** 2 + 1) / 4));
  near(found.rmspe, Math.sqrt((0.04 ** 2 + 0.08 ** 2 + 0.12 ** 2 + 0.2 ** 2) / 4));
  near(found.mape, 0.11);
  assert.deepEqual(found.within, { "0.05": 0.25, "0.1": 0.5, "0.15": 0.75 });
  assert.deepEqual([found.spearman, found.kendall], [1, 1]);
  assert.deepEqual(
    found.worst.map((w) => w.network),
    ["n5", "n4", "n2", "n1"],
  );
});

test("the worst is blamed on what takes more of its time than of the others'", () => {
  const cases: Case[] = [
    { ...one(1, 1), shares: { call: 0.5, dense: 0.5 } },
    { ...one(2, 3), shares: { call: 0.1, dense: 0.3, move: 0.6 } },
  ];
  const { blame } = validate(cases, 0.9).worst[0]!;
  assert.deepEqual([blame!.what, blame!.share, blame!.usual], ["move", 0.6, 0.3]);
  assert.equal(validate([one(1, 2), one(3, 3)], 0.9).worst[0]!.blame, null);
});

test("the interval holds until as few inside would come about in less than 5 % of samples", () => {
  const inside = one(1, 1);
  const outside = one(1, 2);
  const of = (good: number, bad: number) =>
    validate([...Array(good).fill(inside), ...Array(bad).fill(outside)] as Case[], 0.9).interval;
  assert.deepEqual(of(8, 2), { level: 0.9, held: 0.8, holds: true });
  assert.deepEqual(of(7, 3), { level: 0.9, held: 0.7, holds: true });
  assert.deepEqual(of(6, 4), { level: 0.9, held: 0.6, holds: false });
  assert.equal(of(160, 40).holds, false);
  assert.equal(of(1, 0).holds, true);
});

test("the binomial tail is the one of the tables", () => {
  near(atMost(7, 10, 0.9), 0.0701908264, 1e-9);
  near(atMost(0, 3, 0.5), 0.125);
  near(atMost(3, 3, 0.5), 1);
});

test("only a table whose blocks alone were timed has no network left out", () => {
  const without = Object.entries<Target>(targets).filter(([, target]) => leftOut(target).length === 0);
  assert.deepEqual(
    without.map(([name]) => kebab(name)),
    ["xeon-6130-mbconv"],
  );
});

for (const [name, target] of Object.entries<Target>(targets).filter(([, t]) => leftOut(t).length > 0))
  test(`${kebab(name)} is validated on the networks left out of its fit, and its interval holds there`, () => {
    const found = validate(leftOut(target), target.interval.level);
    assert.equal(found.networks, target.error.networkOut.n);
    near(found.mape, target.error.networkOut.mape, 1e-8);
    assert.equal(found.interval.holds, true);
    for (const { blame } of found.worst)
      if (blame !== null) assert.ok(blame.share > blame.usual && blame.share <= 1);
  });

test("shares of a network's time add up, and the call's is the call's", () => {
  const out = rapidnet_ti.build();
  const { model } = targets.iphone13Npu;
  const shares = kernelShares(kernels(out), model);
  near(
    Object.values(shares).reduce((a, b) => a + b, 0),
    1,
    1e-9,
  );
  near(shares.call!, model.callMs / predict(out, targets.iphone13Npu).ms, 1e-9);
});
