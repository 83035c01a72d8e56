import assert from "node:assert/strict";
import { test } from "node:test";
import { pieceTimes } from "../../src/measure/profile.js";
import { isSettled, rowOf } from "../../src/measure/rows.js";
import { isKnown, visitOf } from "../../src/measure/runs.js";

const visit = (ms: number) => ({
  ...({ kind: "kernel", key: "k", number: 0, count: 20, spreadMs: 0.1, drift: 1 } as const),
  ms,
});

test("A row is settled when its two fastest visits agree, or after five", () => {
  assert.equal(isSettled([visit(1)]), false);
  assert.equal(isSettled([visit(1), visit(1.02)]), true);
  assert.equal(isSettled([visit(1), visit(1.2)]), false);
  assert.equal(isSettled([visit(1.2), visit(1), visit(1.21)]), false);
  assert.equal(isSettled([visit(1.2), visit(1), visit(1.01)]), true);
  assert.equal(isSettled([1, 2, 3, 4, 5].map(visit)), true);
  assert.equal(isSettled([visit(0.003), visit(0.005)]), true, "the clock tells no better");
});

test("Visits made while the computer ran slower than at the start do not settle a row, however well they agree", () => {
  const slow = { ...visit(1.2), drift: 1.06 };
  assert.equal(isSettled([slow, slow]), false);
  assert.equal(isSettled([slow, visit(1), slow]), false);
  assert.equal(isSettled([slow, visit(1), slow, visit(1.01)]), true);
  assert.equal(isSettled([slow, slow, slow, slow, slow]), true, "it was visited often enough");
});

test("A disturbed visit does not count in a row, but its runs do", () => {
  const row = rowOf("kernel", "k", [visit(3), visit(1), visit(1.02)]);
  assert.equal(row.medianMs, 1.01);
  assert.equal(row.count, 60);
  assert.ok(rowOf("kernel", "k", [visit(0), visit(0)]).medianMs > 0);
});

test("A median is known once its order statistics are within 2 %", () => {
  assert.equal(isKnown([1, 1, 1]), false);
  assert.equal(isKnown(Array.from({ length: 30 }, () => 1)), true);
  assert.equal(isKnown(Array.from({ length: 30 }, (_, i) => 1 + i / 30)), false);
  assert.deepEqual(visitOf([3, 1, 2, 4]), { ms: 1, count: 4, spreadMs: 2 });
});

test("Of a profile, what runs around the piece does not count; changes of layout it calls for do", () => {
  const names = [
    ..."before0/conv0/Conv_nchwc ReorderOutput it0/mul0/Mul ReorderInput beside0/conv0/Conv".split(" "),
    ..."end/conv0/Conv_nchwc ReorderOutput logits".split(" "),
  ];
  const run = (start: number) => [
    { cat: "Session", name: "model_run", ts: start, dur: 99 },
    ...names.map((name, i) => ({
      cat: "Node",
      name: `${name}_kernel_time`,
      ts: start + 1 + i,
      dur: 10 ** i,
    })),
    { cat: "Node", name: "it0/mul0/Mul_fence_before", ts: start + 3, dur: 5 },
  ];
  const ms = (10 + 100 + 1000) / 1000;
  assert.deepEqual(pieceTimes(JSON.stringify([...run(100), ...run(0)])), [ms, ms]);
});
