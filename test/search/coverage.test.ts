import assert from "node:assert/strict";
import { test } from "node:test";
import { iphone13Npu, pixel3Cpu } from "../../src/latency/targets/index.js";
import { coverageLine } from "../../src/report/coverage.js";
import { coverage } from "../../src/search/coverage.js";
import { fbnet, mnasnet, rapidnet } from "../../src/space/spaces/index.js";

test("the default space is covered by the default target for the most part, and what is missing is said", () => {
  const { share, missing, drawn } = coverage(rapidnet, iphone13Npu);
  assert.ok(share > 0.5, `${share}`);
  assert.equal(drawn, 200);
  for (const { share: part } of missing) assert.ok(part > 0 && part <= 1 - share + 1e-12);
  assert.deepEqual(coverage(rapidnet, iphone13Npu), coverage(rapidnet, iphone13Npu));
});

test("an operator that no fitted network has is missing in as many networks as have it", () => {
  const { missing } = coverage(fbnet, iphone13Npu);
  const shuffle = missing.find(({ what }) => what.startsWith("shuffle"))!;
  assert.ok(Math.abs(shuffle.share - (1 - (7 / 9) ** 22)) < 0.03, `${shuffle.share}`);
});

test("a table covers its own space wholly and another not at all", () => {
  assert.deepEqual(coverage(fbnet, pixel3Cpu), { share: 1, drawn: null, missing: [] });
  assert.equal(coverage(mnasnet, pixel3Cpu).share, 0);
});

test("the line for eyes names the three most frequent and counts the rest", () => {
  const missing = ["a", "b", "c", "d"].map((what, i) => ({ what, share: 0.4 - i / 10 }));
  assert.equal(
    coverageLine({ share: 0.5, drawn: 200, missing }, "x"),
    "Coverage: 50.0 % of the space's networks are within what x was fitted on (200 drawn); the others are extrapolated, with a wider interval: 40.0 % a; 30.0 % b; 20.0 % c; 1 more.",
  );
});
