import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { type BlockTable, blocksMs } from "../../src/latency/blocks.js";
import { type BlockSample, fitBlockTable } from "../../src/latency/fitBlocks.js";

const truth: BlockTable = {
  space: "ours",
  operators: ["small", "skip", "large"],
  restMs: 2,
  ms: [
    [0.5, 0, 1.5],
    [0.25, 0, 0.75],
    [1, 0, 4],
  ],
};
const skip = 1;
const rng = stream(1, "networks");

/** Networks of the true table; sizes that say nothing of the time. */
const samples = Array.from({ length: 200 }, (_, i): BlockSample => {
  const operators = truth.ms.map(() => rng.pick([0, 1, 2]));
  return { operators, ms: blocksMs(operators, truth), macs: 1e6 + i, params: 1e5 + 7 * i };
});

const near = (got: number, want: number, by: number) =>
  assert.ok(Math.abs(got - want) < by, `${got} is not ${want}`);

test("a table is recovered exactly from networks that are its sums", () => {
  const { table, error, interval } = fitBlockTable(samples, truth, skip);
  near(table.restMs, truth.restMs, 1e-9);
  table.ms.flat().forEach((ms, i) => {
    near(ms, truth.ms.flat()[i]!, 1e-9);
  });
  assert.ok(error.networkOut.mape < 1e-9 && interval.halfWidth < 1e-9);
  assert.ok(error.baseline.mape > 0.1);
});

test("every fourth network is left out, and what was measured of it changes no number of the table", () => {
  const changed = samples.map((s, i) => (i % 4 === 0 ? { ...s, ms: s.ms * 3 } : s));
  const before = fitBlockTable(samples, truth, skip);
  const after = fitBlockTable(changed, truth, skip);
  assert.deepEqual(after.table, before.table);
  assert.equal(after.error.networkOut.n, 50);
  near(after.error.networkOut.mape, 2 / 3, 1e-9);
  near(after.interval.halfWidth, Math.log(3), 1e-9);
});

test("noise never makes an operator cost less than nothing", () => {
  const noisy = samples.map((s) => ({
    ...s,
    ms: s.operators[1] === 0 ? s.ms * 0.8 : s.ms * (1 + 0.05 * rng.float()),
  }));
  const { table } = fitBlockTable(noisy, truth, skip);
  assert.ok(table.ms.flat().every((ms) => ms >= 0));
  assert.equal(table.ms[1]![0], 0);
});
