import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { forms } from "../../scripts/json-forms.js";
import { createRun } from "../../src/store/run.js";
import { genome, record } from "../export/tinyRun.js";
import { failed, scored } from "../search/trials.js";
import { printed } from "./io.js";
import { smallSpace } from "./smallSpace.js";

const root = mkdtempSync(join(tmpdir(), "nas-json-"));
after(() => rmSync(root, { recursive: true }));

const dir = join(root, "run");
const run = await createRun(dir, record);
await run.append({ ...failed(0), genome });
await run.append(scored({ number: 1, genome, hash: "00000000000000aa", accuracy: 0.25 }));
await run.append(scored({ number: 2, genome, hash: "00000000000000bb", accuracy: 0.75 }));
await run.close();
mkdirSync(join(root, "damaged"));
writeFileSync(join(root, "damaged", "run.db"), "not a database");

const space = join(root, "space.yaml");
writeFileSync(space, smallSpace);

test("docs/schemas holds the schema of every form, as npm run schemas writes it", () => {
  for (const [name, form] of Object.entries<z.ZodType>(forms))
    assert.deepEqual(
      JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, "utf8")),
      z.toJSONSchema(form),
      name,
    );
  const known = [...Object.keys(forms), "spec"].map((name) => `${name}.schema.json`);
  assert.deepEqual(
    readdirSync("docs/schemas").filter((file) => !known.includes(file)),
    [],
  );
});

test("show prints the run with its trials in ask order, the winner and the front", async () => {
  const shown = await printed("show", ["show", dir]);
  assert.deepEqual(
    shown.trials.map((t) => [t.number, t.status, t.accuracy]),
    [
      [0, "failed", null],
      [1, "scored", 0.25],
      [2, "scored", 0.75],
    ],
  );
  assert.equal(shown.winner?.number, 2);
  assert.deepEqual(
    shown.front.map((t) => t.number),
    [2],
  );
  assert.deepEqual([shown.counts.done, shown.counts.scored, shown.counts.failed], [3, 2, 1]);
  const one = await printed("show", ["show", dir, "--trial", "1"]);
  assert.deepEqual(
    one.trials.map((t) => t.number),
    [1],
  );
});

test("runs lists every run, and of a damaged one why it cannot be read", async () => {
  const { runs } = await printed("runs", ["runs", root]);
  const [damaged, sound] = [...runs].sort((a, b) => (a.name < b.name ? -1 : 1));
  assert.equal(runs.length, 2);
  assert.match(damaged!.why!, /damaged/);
  assert.deepEqual([sound!.name, sound!.trials, sound!.planned, sound!.bestAccuracy], ["run", 3, 3, 0.75]);
});

test("latency predict adds up: stages and the call are the latency, parts are their stage", async () => {
  const found = await printed("latency-predict", [
    "latency",
    "predict",
    "mobilenet-v2-x1-0",
    "--target",
    "iphone13-npu",
  ]);
  assert.deepEqual([found.network, found.genome, found.params], ["mobilenet_v2_x1_0", null, 3_504_872]);
  const sum = (of: readonly { readonly ms: number }[]) => of.reduce((total, { ms }) => total + ms, 0);
  assert.ok(Math.abs(sum(found.stages) + found.callMs - found.latencyMs) < 1e-9);
  for (const stage of found.stages) assert.ok(Math.abs(sum(stage.parts) - stage.ms) < 1e-9, stage.stage);
  assert.ok(found.latencyLowMs < found.latencyMs && found.latencyMs < found.latencyHighMs);
});

test("A genome drawn from a space file is predicted with its space, and its hash is its name", async () => {
  const { samples } = await printed("space-sample", [
    "space",
    "sample",
    space,
    "--count",
    "3",
    "--seed",
    "5",
  ]);
  assert.equal(samples.length, 3);
  const found = await printed("latency-predict", [
    ...["latency", "predict", samples[0]!.genome, "--space", space, "--target", "iphone13-npu"],
  ]);
  assert.deepEqual(
    [found.genome, found.network, found.params, found.macs],
    [samples[0]!.genome, samples[0]!.hash, samples[0]!.params, samples[0]!.macs],
  );
  assert.equal(found.latencyKind, "extrapolated");
  assert.ok(found.reasons.length > 0);
});

test("A seed draws the same networks again, and another seed others", async () => {
  const draw = async (seed: string) =>
    (await printed("space-sample", ["space", "sample", "rapidnet", "--seed", seed])).samples;
  assert.deepEqual(await draw("5"), await draw("5"));
  assert.notDeepEqual(await draw("5"), await draw("6"));
});

test("space validate and space show state the exact size; space list names every built-in space", async () => {
  const { size, name } = await printed("space-validate", ["space", "validate", space]);
  assert.deepEqual([name, size], ["small", "8"]);
  assert.equal((await printed("space-show", ["space", "show", space])).size, "8");
  const { spaces } = await printed("space-list", ["space", "list"]);
  for (const name of ["fbnet", "mnasnet", "rapidnet"])
    assert.ok(
      spaces.some((s) => s.name === name),
      name,
    );
});

test("zoo list and zoo show agree on every count they share", async () => {
  const { networks } = await printed("zoo-list", ["zoo", "list"]);
  const listed = networks.find((n) => n.name === "rapidnet_ti")!;
  const shown = await printed("zoo-show", ["zoo", "show", "rapidnet-ti"]);
  assert.deepEqual(
    [shown.name, shown.params, shown.macs, shown.resolution],
    [listed.name, listed.params, listed.macs, listed.resolution],
  );
  assert.equal(
    shown.parts.reduce((sum, part) => sum + part.params, 0),
    shown.params,
  );
  assert.equal(
    shown.parts.reduce((sum, part) => sum + part.macs, 0),
    shown.macs,
  );
});

test("doctor finds this machine fit", async () => {
  const { checks } = await printed("doctor", ["doctor", "--run-dir", root]);
  const names = checks.map((check) => check.name);
  for (const name of ["node", "cpu", "memory", "disk", "run folder", "sqlite3", "engine wasm"])
    assert.ok(names.includes(name), name);
  assert.match(checks.find((check) => check.name === "engine wasm")!.found, /simd.* images\/s/);
});
