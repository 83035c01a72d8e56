import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Chalk } from "chalk";
import type { UserError } from "../../src/base/errors.js";
import { parse } from "../../src/cli/command.js";
import { exportRun } from "../../src/cli/commands/export.js";
import type { Io } from "../../src/cli/io.js";
import { decode } from "../../src/export/onnx/schema.js";
import { readSpec } from "../../src/export/spec.js";
import { createRun } from "../../src/store/run.js";
import { genome, record } from "../export/tinyRun.js";
import { failed, scored } from "../search/trials.js";

const root = mkdtempSync(join(tmpdir(), "nas-export-"));
after(() => rmSync(root, { recursive: true }));

const dir = join(root, "run");
const run = await createRun(dir, record);
await run.append({ ...failed(0), genome });
await run.append(scored({ number: 1, genome, hash: "00000000000000aa", accuracy: 0.25 }));
await run.append(scored({ number: 2, genome, hash: "00000000000000bb", accuracy: 0.75 }));
await run.close();

/** What `nas export` prints and notes for these words. */
async function exported(...argv: readonly string[]): Promise<{ out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const style = new Chalk({ level: 0 });
  const io: Io = {
    print: (line) => out.push(line),
    note: (line) => err.push(line),
    status: () => {},
    signal: new AbortController().signal,
    isTerminal: false,
    width: Number.POSITIVE_INFINITY,
    style,
    noteStyle: style,
  };
  await exportRun.run(parse(exportRun, argv), io);
  return { out: out.join("\n"), err: err.join("\n") };
}

test("export writes the winner as ONNX into the run's folder, checked, and prints where", async () => {
  const { out, err } = await exported(dir, "--format", "onnx");
  assert.equal(out, join(dir, "export", "00000000000000bb.onnx"));
  assert.match(
    err,
    /^ONNX, opset 17, .* of trial 2\. Checked: run by onnxruntime, its outputs equal those of Reference/,
  );
  const { graph, metadataProps } = decode(readFileSync(out));
  assert.deepEqual(
    new Set(graph.node.map((n) => n.opType)),
    new Set(["Conv", "Relu", "Clip", "Add", "GlobalAveragePool", "Flatten"]),
  );
  const facts = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  assert.equal(facts.genome, genome);
  assert.equal(facts.weights, "untrained, random initial values, seed 7");
  assert.equal(facts.accuracy, "0.75, proxy, 3 epochs on synthetic");
});

test("export keeps norms when told to", async () => {
  const file = join(root, "kept.onnx");
  await exported(dir, "--format", "onnx", "--keep-norms", "-o", file);
  assert.ok(decode(readFileSync(file)).graph.node.some((n) => n.opType === "BatchNormalization"));
});

test("export writes another trial as a spec, and says in JSON what it did", async () => {
  const file = join(root, "deep", "spec.json");
  const { out } = await exported(dir, "--format", "spec", "--trial", "1", "-o", file, "--json");
  const { checked, ...rest } = JSON.parse(out);
  assert.match(checked, /rebuilt/);
  assert.deepEqual(rest, {
    schemaVersion: 1,
    file,
    format: "spec",
    sizeBytes: statSync(file).size,
    trial: 1,
    genome,
    hash: "00000000000000aa",
  });
  assert.equal(readSpec(readFileSync(file, "utf8"), file).spec.accuracy?.value, 0.25);
});

test("a trial that failed can be exported, without an accuracy", async () => {
  const file = join(root, "failed.json");
  await exported(dir, "--format", "spec", "--trial", "0", "-o", file);
  assert.equal(readSpec(readFileSync(file, "utf8"), file).spec.accuracy, null);
});

const refused: readonly [string, readonly string[], number, RegExp, RegExp][] = [
  ["a format nobody knows", [dir, "--format", "onx"], 2, /unknown format "onx"/, /Did you mean onnx\?/],
  ["no format", [dir], 2, /required flag "--format <format>" not specified/, /./],
  ["a trial that is not there", [dir, "--format", "spec", "--trial", "9"], 2, /no trial 9$/, /0 to 2/],
  ["a run that is not there", [join(root, "none"), "--format", "spec"], 2, /^no run /, /nas runs/],
];
for (const [title, argv, code, message, whatToDo] of refused)
  test(`export refuses ${title}`, async () => {
    await assert.rejects(exported(...argv), (error: UserError) => {
      assert.match(error.message, message);
      assert.match(error.whatToDo, whatToDo);
      assert.equal(error.exitCode, code);
      return true;
    });
  });

test("export of a run without a winner writes nothing", async () => {
  const empty = join(root, "empty");
  await (await createRun(empty, record)).close();
  await assert.rejects(exported(empty, "--format", "spec"), { exitCode: 1, message: /has no winner yet$/ });
  assert.ok(!existsSync(join(empty, "export")));
});
