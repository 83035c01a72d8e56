import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { spec, specOf } from "../../src/export/formats/spec.js";
import { readSpec, type Spec, specSchema } from "../../src/export/spec.js";
import { writeExport } from "../../src/export/write.js";
import { kernels } from "../../src/graph/fuse.js";
import { attention, input } from "../../src/graph/node.js";
import { print } from "../../src/graph/text.js";
import { reference } from "../../src/train/engines/reference.js";
import { examples, exported, latency } from "./examples.js";

const text = (what: ReturnType<typeof exported>) =>
  new TextDecoder().decode(spec.write(what, { foldNorms: true }));

const small = input([3, 8, 8])
  .conv(4, { kernel: 3, stride: 2 })
  .norm()
  .act("relu6")
  .as("stem")
  .globalPool()
  .conv(10, { bias: true });
const whole = exported(small, {
  genome: "tiny:a,kernel=3",
  space: "tiny",
  stages: [
    {
      name: "first",
      block: "a",
      depth: 1,
      width: 4,
      choices: { kernel: 3, levels: [1, 2], attention: "none" },
    },
  ],
  latency,
  accuracy: { value: 0.5, kind: "proxy", epochs: 3, data: "synthetic", seed: 7, engine: "wasm" },
  reproduce: { command: "nas search --seed 7", version: "0.1.0", seed: 7, data: "synthetic" },
});

for (const [kind, networks] of Object.entries(examples))
  for (const [title, network] of Object.entries(networks))
    test(`a spec reads back as it was written and rebuilds ${kind} ${title}`, () => {
      const read = readSpec(text(exported(network)), "net.json");
      assert.deepEqual(read.spec, specOf(exported(network)));
      assert.equal(print(read.network), print(network));
    });

test("all that is known of a network reads back", () => {
  assert.deepEqual(readSpec(text(whole), "net.json").spec, specOf(whole));
});

test("the spec of a tiny network is the one on file", async () => {
  assert.equal(text(whole), await readFile("test/golden/tiny.spec.json", "utf8"));
});

test("the JSON Schema in the documentation is the one specs are read with", async () => {
  assert.deepEqual(JSON.parse(await readFile("docs/schemas/spec.schema.json", "utf8")), specSchema());
});

test("a spec is kept once the network rebuilt from it is the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nas-spec-"));
  const to = (name: string) => join(folder, name);
  try {
    const agreed = await writeExport(spec, whole, to("right.json"), { foldNorms: true }, reference);
    assert.match(agreed, /^the network rebuilt from it is the same/);
    assert.equal(await readFile(to("right.json"), "utf8"), text(whole));
    const other = { ...spec, write: () => spec.write(exported(small.act("relu")), { foldNorms: true }) };
    await assert.rejects(writeExport(other, whole, to("wrong.json"), { foldNorms: true }, reference), {
      name: "UserError",
      exitCode: 1,
    });
    assert.deepEqual(await readdir(folder), ["right.json"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("kernels of a spec add up to its cost", () => {
  const { kernels: rows, cost } = specOf(whole);
  const sum = (key: "params" | "macs") => rows.reduce((total, row) => total + row[key], 0);
  assert.deepEqual([sum("params"), sum("macs")], [cost.params, cost.macs]);
  assert.equal(rows.length, kernels(small).length);
});

test("a receptive field without end is null", () => {
  const x = input([3, 4, 4]).conv(4);
  assert.equal(specOf(exported(attention(x, x, x, { heads: 1, table: 0 }))).cost.receptiveField, null);
});

/** The tiny spec with something changed. */
function changed(change: (json: Record<string, never> & Spec) => void): string {
  const json = JSON.parse(text(whole));
  change(json);
  return JSON.stringify(json);
}
const set = (path: string, value: unknown) =>
  changed((json) => {
    const keys = path.split(".");
    const last = keys.pop()!;
    const owner = keys.reduce<unknown>((from, key) => (from as Record<string, unknown>)[key], json);
    (owner as Record<string, unknown>)[last] = value;
  });

const mistakes: readonly [title: string, file: string, message: RegExp, whatToDo: RegExp][] = [
  ["is not JSON", "{", /^net\.json, line 1: not JSON: /, /nas export --format spec/],
  ["is a list", "[]", /^net\.json: the file is \[\]$/, /an object/],
  ["is of another version", set("schemaVersion", 2), /^net\.json: schemaVersion is 2$/, /must be 1/],
  ["has no cost", set("cost", undefined), /^net\.json: cost is missing$/, /an object/],
  ["has a text where a number goes", set("latency.ms", "1"), /^net\.json: latency\.ms is "1"$/, /a number/],
  ["has a negative latency", set("latency.ms", -1), /^net\.json: latency\.ms is -1$/, /above 0/],
  [
    "has an accuracy in percent",
    set("accuracy.value", 50),
    /^net\.json: accuracy\.value is 50$/,
    /at most 1/,
  ],
  ["has a shape of two", set("kernels.1.output", [1, 2]), /^net\.json: kernels\[1\]\.output/, /./],
  ["has an unknown key", set("latency.mss", 1), /^net\.json: unknown key latency\.mss$/, /Did you mean ms/],
  ["has no network", set("network", []), /^net\.json: network is \[\]$/, /a list of 1/],
  [
    "has a line nobody can read",
    set("network.1", "what?"),
    /^net\.json: network, line 2: cannot read "what\?"$/,
    /A line is/,
  ],
  [
    "has the cost of another network",
    set("cost.macs", 1),
    /^net\.json: cost\.macs is 1, but the network has 1768$/,
    /changed/,
  ],
];
for (const [title, file, message, whatToDo] of mistakes)
  test(`a spec that ${title} is refused with where and what`, () => {
    assert.throws(
      () => readSpec(file, "net.json"),
      (error: { name: string; message: string; whatToDo: string; exitCode: number }) => {
        assert.equal(error.name, "UserError");
        assert.equal(error.exitCode, 2);
        assert.match(error.message, message);
        assert.match(error.whatToDo, whatToDo);
        return true;
      },
    );
  });
