import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { kernels } from "../../src/graph/fuse.js";
import { input, type Node } from "../../src/graph/node.js";
import { signature } from "../../src/graph/signature.js";
import { calibrate, timing } from "../../src/latency/calibrate.js";
import { fusionsOf } from "../../src/latency/fusions.js";
import { kernelOf } from "../../src/latency/kernelText.js";
import { kernelTimes } from "../../src/latency/kernelTimes.js";
import { predictMeasured } from "../../src/latency/predict.js";
import type { LatencyTable, Row } from "../../src/latency/table.js";
import { tableTarget } from "../../src/latency/tableTarget.js";
import { workOf } from "../../src/latency/work.js";
import { build, deployedForm } from "../../src/space/build.js";
import { formatGenome } from "../../src/space/candidate.js";
import { sample } from "../../src/space/moves.js";
import { mnasnet } from "../../src/space/spaces/index.js";

/** A device whose kernels take an overhead and a time for MACs and memory: nothing a table could not know. */
const truth = (kernel: ReturnType<typeof kernels>[number]) => {
  const work = workOf(kernel, 16);
  return 0.004 + work.macs / 4e7 + (work.weights + work.features) / 8e6;
};

const networks = Array.from({ length: 24 }, (_, i) => {
  const genome = sample(mnasnet, stream(5, "calibrate", i));
  return { key: formatGenome(mnasnet, genome), out: build(mnasnet, genome, deployedForm(mnasnet)) };
});
const row = (kind: Row["kind"], key: string, medianMs: number): Row => ({
  ...{ kind, key, medianMs, count: 20, spreadMs: 0, drift: 1 },
});
const all = new Map(networks.flatMap(({ out }) => kernels(out).map((k) => [signature(k), k] as const)));
const rows = [...all].map(([key, kernel]) => row("kernel", key, truth(kernel)));
const sum = (out: Node) => kernels(out).reduce((ms, k) => ms + truth(k), 0);
const table = (more: readonly Row[]): LatencyTable => ({
  ...{ format: "nas-latency-table", version: 1, unit: "ms", target: "t", title: "t", device: "d", soc: "s" },
  ...{ os: "o", runtime: "r", dtype: "float32", threads: 1, protocol: "p", source: "s", model: null },
  ...{ measuredAt: "2026-01-01T00:00:00Z", conditions: {} },
  rows: [...rows, ...more],
});

test("A kernel between measured ones is told from them within 5 %, and a measured one exactly", () => {
  const keys = [...all.keys()].sort();
  const kept = rows.filter(({ key }) => keys.indexOf(key) % 3 > 0);
  const time = kernelTimes(kept);
  const errors: number[] = [];
  for (const [key, kernel] of all) {
    const { ms, known } = time(kernel);
    const error = Math.abs(ms / truth(kernel) - 1);
    if (known === "measured") assert.ok(error < 1e-9, key);
    if (known === "interpolated") errors.push(error);
  }
  assert.ok(errors.length > 50, `${errors.length}`);
  errors.sort((a, b) => a - b);
  assert.ok(errors[Math.floor(0.95 * errors.length)]! < 0.05, `${errors.at(-1)}`);
});

test("What lies outside the measured range, or is of no measured family, says so", () => {
  const time = kernelTimes(rows);
  const known = (out: Node) => time(kernels(out).at(-1)!).known;
  assert.equal(known(input([4000, 14, 14]).conv(4000).norm()), "extrapolated");
  assert.equal(known(input([64, 14, 14]).conv(64, { kernel: 7 }).norm()), "extrapolated");
});

test("A call and a factor hidden in whole networks are found, and networks left out predicted", () => {
  const measured = networks.map(({ key, out }) => row("network", key, 0.4 + 1.1 * sum(out)));
  const { model } = calibrate(table(measured), networks);
  assert.ok(model!.error.networkOut.rmsLog < 0.005, JSON.stringify(model!.tried));
  assert.ok(model!.error.baseline.rmsLog > 0.02);
  const target = tableTarget({ ...table(measured), model });
  const found = predictMeasured(networks[0]!.out, target);
  assert.ok(Math.abs(found.ms / measured[0]!.medianMs - 1) < 0.01);
  assert.equal(found.extrapolated, false);
  const parts = found.parts.reduce((ms, part) => ms + part.ms, found.callMs);
  assert.ok(Math.abs(parts - found.ms) < 1e-9);
});

test("Where nothing but the kernels counts the plain sum is among the best, and no model is made of few networks", () => {
  const measured = networks.map(({ key, out }) => row("network", key, sum(out)));
  const { model } = calibrate(table(measured), networks);
  assert.ok(model!.tried.find(({ form }) => form === "sum")!.rmsLog < 1e-9);
  assert.ok(Math.abs(model!.callMs) < 0.01);
  assert.equal(calibrate(table(measured.slice(0, 3)), networks).model, null);
  assert.throws(() => tableTarget(table([])), { name: "UserError", exitCode: 5 });
});

test("Blocks are taken whole where the table has them", async () => {
  const { blockKey, blocksOf } = await import("../../src/latency/piece.js");
  const out = networks[0]!.out;
  const block = blocksOf(out)[2]!;
  const time = timing([...rows, row("block", blockKey(block), 7)], "blocks");
  const own = time(out).filter(({ part }) => part === block.part);
  assert.ok(Math.abs(own.reduce((ms, k) => ms + k.ms, 0) - 7) < 1e-9);
});

test("Operators are fused where both together save more than half of the shorter", () => {
  const both = "conv(out=8,kernel=1,stride=1,dilation=1,groups=1,bias=false)8x4x4>8x4x4+norm+act(fn=relu)";
  const first = both.slice(0, both.lastIndexOf("+"));
  const second = "act(fn=relu)8x4x4>8x4x4";
  const ask = (ms: number) =>
    fusionsOf([row("kernel", both, ms), row("kernel", first, 1), row("kernel", second, 0.5)])[0]!.fused;
  assert.equal(kernelOf(both).nodes.length, 3);
  assert.equal(ask(1.2), true);
  assert.equal(ask(1.3), false);
});
