import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { exitCodeOf } from "../../src/cli/main.js";
import { readTable, writeTable } from "../../src/latency/table.js";
import { openVisits } from "../../src/store/visits.js";
import { memoryIo, printed } from "./io.js";

const root = mkdtempSync(join(tmpdir(), "nas-measure-"));
const dataHome = process.env.XDG_DATA_HOME;
process.env.XDG_DATA_HOME = root;
after(() => {
  if (dataHome === undefined) delete process.env.XDG_DATA_HOME;
  else process.env.XDG_DATA_HOME = dataHome;
  rmSync(root, { recursive: true });
});

const space = join(root, "space.yaml");
writeFileSync(
  space,
  `version: 1
name: small
resolution: 32
classes: 10
act: relu
stem: [{ width: 16, kernel: 3, stride: 2 }]
stages:
  - { name: a, stride: 2, depth: [1, 2, 3, 4], width: [16, 24, 32], blocks: [{ convolution: { kernel: [3, 5] } }] }
  - { name: b, stride: 2, depth: [1, 2, 3, 4], width: [32, 48, 64], blocks: [{ inverted-residual: { kernel: [3], expand: [3, 6], attention: [none, squeeze-excite] } }] }
head: { width: 64, order: pool-conv }
proxy: { dropStrides: 0, width: 1 }
`,
);

async function refused(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly said: string }> {
  const { io, err } = memoryIo();
  const code = await exitCodeOf(argv, io);
  return { code, said: err.join("\n") };
}

/** A random network's time on a busy computer may lie outside the interval. */
const okOrUntrue = [0, 7];

const home = join(root, "nas", "targets", "host-cpu.json");

test("host-cpu is measured, resumed from what a killed session left, and then a target like any other", async () => {
  assert.equal((await refused("target", "show", "host-cpu")).code, 5);
  const plan = await printed("latency-plan", ["latency", "plan", "--space", space]);
  const measured = await printed("latency-measure", [
    "latency",
    "measure",
    "--target",
    "host-cpu",
    "--space",
    space,
  ]);
  assert.deepEqual(measured.failed, []);
  assert.equal(measured.rows.kernels + measured.told, plan.kernels + 1, "and the reference");
  assert.equal(measured.rows.networks, plan.networks);
  assert.equal(measured.file, home);
  assert.ok(!existsSync(`${home}.visits`));
  const table = readTable(home);
  assert.ok(table.rows.every((row) => row.medianMs > 0 && row.count >= 24));

  // As if the session had been killed in its midst: what is known is not measured again.
  rmSync(home);
  const { identity } = await import("../../src/latency/table.js");
  const visits = await openVisits(`${home}.visits`, identity.map((field) => table[field]).join("; "));
  const marked = table.rows.slice(3);
  for (const { kind, key, medianMs } of marked)
    for (const number of [0, 1])
      await visits.append({ kind, key, number, ms: 3 * medianMs, count: 50, spreadMs: 0, drift: 1 });
  await visits.close();
  await printed("latency-measure", ["latency", "measure", "--target", "host-cpu", "--space", space]);
  const again = new Map(readTable(home).rows.map((row) => [`${row.kind} ${row.key}`, row]));
  for (const { kind, key, medianMs } of marked) {
    const { medianMs: now, count } = again.get(`${kind} ${key}`)!;
    assert.ok(Math.abs(now / (3 * medianMs) - 1) < 1e-4 && count === 100, key);
  }
  assert.ok(again.size >= marked.length);
  await writeTable(home, table);

  const shown = await printed("target-show", ["target", "show", "host-cpu"]);
  assert.equal(shown.model, "measured");
  const genome = table.rows.find(({ kind }) => kind === "network")!.key;
  const found = await printed("latency-predict", [
    "latency",
    "predict",
    genome,
    "--target",
    "host-cpu",
    "--space",
    space,
  ]);
  assert.equal(found.latencyKind, "predicted");
  const { medianMs } = table.rows.find(({ key }) => key === genome)!;
  assert.ok(Math.abs(Math.log(found.latencyMs / medianMs)) < Math.log(2), `${found.latencyMs} ${medianMs}`);
  const strange = await printed("latency-predict", [
    "latency",
    "predict",
    "repvit_m1_0",
    "--target",
    "host-cpu",
  ]);
  assert.equal(strange.latencyKind, "extrapolated");
});

test("Whole networks are measured against the table, none of them used in building it", async () => {
  const found = await printed(
    "latency-validate",
    ["latency", "validate", "--target", "host-cpu", ...["--space", space, "--networks", "3"]],
    okOrUntrue,
  );
  assert.equal(found.basis, "measured now");
  assert.equal(found.networks, 3);
  assert.ok(found.noise!.mape < 1);
  const stopped = memoryIo();
  const io = { ...stopped.io, signal: AbortSignal.abort() };
  const argv = ["latency", "validate", "--target", "host-cpu", "--space", space, "--networks", "3"];
  assert.equal(await exitCodeOf(argv, io), 130);
  assert.deepEqual(stopped.err, ["Stopped."]);
  const phone = await refused("latency", "validate", "--target", "iphone13-npu", "--networks", "3");
  assert.equal(phone.code, 2);
});

test("Tables are shown, compared and merged; those of different devices only with --force", async () => {
  const table = readTable(home);
  const other = join(root, "other.json");
  const rows = table.rows.slice(1).map((row) => ({ ...row, medianMs: row.medianMs * 2 }));
  await writeTable(other, { ...table, device: "another", rows });
  const shown = await printed("latency-show", ["latency", "show", home]);
  assert.equal(shown.counts.kernels + shown.counts.blocks + shown.counts.networks, table.rows.length);
  assert.ok(shown.fusions.length > 0);
  const diff = await printed("latency-diff", ["latency", "diff", home, other]);
  assert.ok(Math.abs(diff.medianRatio! - 2) < 1e-9);
  assert.deepEqual([diff.both, diff.onlyA, diff.onlyB], [rows.length, 1, 0]);
  assert.deepEqual(diff.differentIn, ["device"]);
  const out = join(root, "merged.json");
  const { code, said } = await refused("latency", "merge", home, other, "--out", out);
  assert.equal(code, 2);
  assert.match(said, /device is "this computer" and "another"/);
  const merged = await printed("latency-merge", ["latency", "merge", home, other, "--out", out, "--force"]);
  assert.equal(merged.rows, table.rows.length);
  writeFileSync(other, readFileSync(other, "utf8").replace('"unit": "ms"', '"unit": "us"'));
  const units = await refused("latency", "merge", home, other, "--out", `${out}2`, "--force");
  assert.match(units.said, /unit is "us"/);
  assert.equal(units.code, 2);
});

test("A table of another computer is not added to, and nothing to measure for is said", async () => {
  const file = join(root, "elsewhere.json");
  await writeTable(file, { ...readTable(home), soc: "Another chip" });
  const argv = ["latency", "measure", "--target", "host-cpu", "--space", space, "--out", file];
  const { code, said } = await refused(...argv);
  assert.equal(code, 2);
  assert.match(said, /soc is "Another chip"/);
  assert.match((await refused(...argv.slice(0, 4))).said, /nothing to measure for/);
});
