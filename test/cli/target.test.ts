import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { names } from "../../src/base/lookup.js";
import { exitCodeOf } from "../../src/cli/main.js";
import * as targets from "../../src/latency/targets/index.js";
import { memoryIo } from "./io.js";

/** No folder: the user's own tables are not listed. */
process.env.XDG_DATA_HOME = join("no", "such", "folder");

async function printed(...argv: readonly string[]): Promise<string> {
  const { io, out, err } = memoryIo();
  assert.equal(await exitCodeOf(["target", ...argv], io), 0, err.join("\n"));
  return out.join("\n");
}

test("target list has every target with its error, and beside it the plain fit's", async () => {
  const listed = forms["target-list"].parse(JSON.parse(await printed("list", "--json"))).targets;
  assert.deepEqual(listed.map((t) => t.name).sort(), names(targets));
  const iphone = listed.find((t) => t.name === "iphone13-npu")!;
  assert.deepEqual(iphone.error, targets.iphone13Npu.error);
  assert.equal(iphone.measurements, targets.iphone13Npu.rows.length);
  const text = await printed("list");
  for (const name of names(targets)) assert.ok(text.includes(name), name);
  assert.match(text, /pixel3-cpu +0\.0 % +6\.0 %/);
});

for (const name of names(targets))
  test(`target show ${name} says what it stands for, in words and in JSON`, async () => {
    const shown = forms["target-show"].parse(JSON.parse(await printed("show", name, "--json")));
    assert.equal(shown.name, name);
    assert.ok(shown.model === "kernels" ? shown.parameters !== undefined : shown.table !== undefined);
    const text = await printed("show", name);
    assert.ok(text.includes(shown.protocol) && text.includes("network left out"));
  });

const data = join("..", "shared", "data", "nas-bench-201");

test("target list has the devices of the tabular benchmark where its data are", {
  skip: !existsSync(data) && "needs ../shared/data/nas-bench-201",
}, async () => {
  const { benchmarks } = forms["target-list"].parse(
    JSON.parse(await printed("list", "--benchmark-data", data, "--json")),
  );
  assert.equal(benchmarks[0]!.devices.length, 27);
  assert.match(await printed("list", "--benchmark-data", data), /--device NAME:\n.*pixel3/);
  assert.deepEqual(forms["target-list"].parse(JSON.parse(await printed("list", "--json"))).benchmarks, []);
});
