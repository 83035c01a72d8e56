import assert from "node:assert/strict";
import { test } from "node:test";
import { type BlockTable, blocksMs, genomeOf, operatorsOf } from "../../src/latency/blocks.js";
import { predictBlocks } from "../../src/latency/predict.js";
import { pixel3Cpu } from "../../src/latency/targets/index.js";

const table: BlockTable = {
  space: "ours",
  operators: ["skip", "wide,kernel=3"],
  restMs: 1,
  ms: [
    [0, 2],
    [0, 0.5],
  ],
};

test("a network is the rest and what its operators add, and its line tells the operators", () => {
  assert.equal(blocksMs([1, 0], table), 3);
  assert.equal(blocksMs([1, 1], table), 3.5);
  assert.equal(genomeOf([1, 0], table), "ours:wide,kernel=3/skip");
  assert.deepEqual(operatorsOf("ours:wide,kernel=3/skip", table), [1, 0]);
});

test("a line of another space, of another length or with another operator is refused", () => {
  for (const genome of ["other:skip/skip", "ours:skip", "ours:skip/skip/skip", "ours:skip/narrow"])
    assert.throws(() => operatorsOf(genome, table), RangeError);
});

test("a prediction by table is its layers and the rest, and lies in its interval", () => {
  const target = { ...pixel3Cpu, table, interval: { level: 0.9, halfWidth: 0.1 } };
  const { ms, lowMs, highMs, callMs, parts, extrapolated } = predictBlocks("ours:wide,kernel=3/skip", target);
  assert.deepEqual([ms, callMs, extrapolated], [3, 1, false]);
  assert.deepEqual(
    parts.map((p) => [p.part, p.ms]),
    [
      ["layer1", 2],
      ["layer2", 0],
    ],
  );
  assert.ok(Math.abs(lowMs - 3 * Math.exp(-0.1)) < 1e-12 && Math.abs(highMs - 3 * Math.exp(0.1)) < 1e-12);
});
