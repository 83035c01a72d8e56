import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { readTable } from "../../src/latency/table.js";
import { memoryIo } from "../cli/io.js";

const root = mkdtempSync(join(tmpdir(), "nas-host-"));
const dataHome = process.env.XDG_DATA_HOME;
const project = process.cwd();
process.env.XDG_DATA_HOME = root;
after(() => {
  process.chdir(project);
  if (dataHome === undefined) delete process.env.XDG_DATA_HOME;
  else process.env.XDG_DATA_HOME = dataHome;
  rmSync(root, { recursive: true });
});

test("A search for a computer that was never measured measures it quickly, says so, and goes on to its end", async () => {
  const space = join(root, "small.yaml");
  writeFileSync(
    space,
    `version: 1
name: small
resolution: 32
classes: 10
act: relu
stem: [{ width: 8, kernel: 3, stride: 2 }]
stages: [{ name: a, stride: 2, depth: [1, 2, 3], width: [8, 16, 24], blocks: [{ convolution: { kernel: [3, 5] } }] }]
head: { width: 32, order: pool-conv }
proxy: { dropStrides: 0, width: 1 }
`,
  );
  process.chdir(root);
  const search = ["search", "--target", "host-cpu", "--space", space, "--max-latency", "100ms"];
  const small = ["--trials", "1", "--epochs", "1", "--images", "32", "--json"];
  const first = memoryIo();
  assert.equal(await exitCodeOf([...search, ...small], first.io), 0, first.err.join("\n"));
  assert.match(first.err.join("\n"), /host-cpu is not measured yet: measuring \d+ kernels and \d+ networks/);
  const { winner } = forms.search.parse(JSON.parse(first.out[0]!));
  assert.ok(winner !== null && winner.latencyMs > 0);
  const file = join(root, "nas", "targets", "host-cpu.json");
  assert.ok(existsSync(file) && readTable(file).model !== null);

  const again = memoryIo();
  assert.equal(
    await exitCodeOf([...search, ...small, "--run-dir", join(root, "again")], again.io),
    0,
    again.err.join("\n"),
  );
  assert.doesNotMatch(again.err.join("\n"), /not measured yet/);
});
