import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { heldOut } from "../../src/latency/targets/fbnet.heldOut.js";
import { pixel3Cpu } from "../../src/latency/targets/index.js";
import { memoryIo } from "./io.js";

const root = mkdtempSync(join(tmpdir(), "nas-genomes-"));
after(() => rmSync(root, { recursive: true }));

const file = join(root, "genomes.txt");
const skips = Array.from({ length: 22 }, () => "skip").join("/");

/** What predicting a file of these lines ends with. */
async function predicted(lines: readonly string[], ...more: readonly string[]) {
  writeFileSync(file, lines.join("\n"));
  const { io, out, err } = memoryIo();
  const words = ["latency", "predict", "--genomes", file, "--target", "pixel3-cpu", ...more];
  return { code: await exitCodeOf(words, io), out: out.join("\n"), err: err.join("\n") };
}

test("a file of the data's numbers and of our genomes is predicted line by line", async () => {
  const [a, b] = [heldOut[0]!, heldOut[1]!].map((numbers) => [...numbers]);
  const { out, code } = await predicted(
    [a!.join(" "), "", b!.join(","), `fbnet:${skips}`],
    ...["--space", "fbnet", "--json"],
  );
  assert.equal(code, 0);
  const { predictions, form } = forms["latency-predict-genomes"].parse(JSON.parse(out));
  assert.deepEqual(
    predictions.map((p) => p.line),
    [1, 3, 4],
  );
  const [first, second, last] = predictions;
  assert.ok(Math.abs(first!.latencyMs / pixel3Cpu.heldOutMs[0]! - 1) < 1e-8);
  assert.ok(Math.abs(second!.latencyMs / pixel3Cpu.heldOutMs[1]! - 1) < 1e-8);
  assert.equal(last!.latencyMs, pixel3Cpu.table.restMs);
  assert.equal(last!.genome, `fbnet:${skips}`);
  assert.match(form, /32 x 32/);
});

test("genomes that say their space need no --space, and a table prints one line each", async () => {
  const { out, code } = await predicted([`fbnet:${skips}`, `fbnet:${skips}`]);
  assert.equal(code, 0);
  assert.equal(out.split("\n").length, 3);
});

test("a file of genomes for host-cpu, where it was never measured, begins to measure it with a notice", async () => {
  const before = process.env.XDG_DATA_HOME;
  process.env.XDG_DATA_HOME = join(root, "data");
  try {
    writeFileSync(file, `fbnet:${skips}`);
    const { io, err } = memoryIo();
    const words = ["latency", "predict", "--genomes", file, "--target", "host-cpu"];
    assert.equal(await exitCodeOf(words, { ...io, signal: AbortSignal.abort() }), 130);
    assert.match(err.join("\n"), /host-cpu is not measured yet: measuring \d+ kernels .* of fbnet quickly/);
  } finally {
    if (before === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = before;
  }
});

test("a line that cannot be read is named, with what it should be", async () => {
  const cases: readonly (readonly [lines: readonly string[], wrong: RegExp, code: number])[] = [
    [[`fbnet:${skips}`, "1 2 3"], /line 2: 3 numbers\n.*22 layers/s, 2],
    [[[...heldOut[0]!].join(" ").replace(/^\d/, "9")], /line 1: there is no operator 9\n.*8 skip/s, 2],
    [[`fbnet:${skips.replace("skip", "hop")}`], /line 1: layer1 has no block "hop"/, 2],
    [["", ""], /is empty/, 5],
  ];
  for (const [lines, wrong, code] of cases) {
    const found = await predicted(lines, "--space", "fbnet");
    assert.match(found.err, wrong);
    assert.deepEqual([found.code, found.out], [code, ""]);
  }
});

test("numbers need a space, and that space a table", async () => {
  const numbers = [...heldOut[0]!].join(" ");
  assert.match((await predicted([numbers])).err, /line 1: no space is named/);
  const other = await predicted([numbers], "--space", "mnasnet");
  assert.match(other.err, /line 1: operators of space mnasnet have no numbers/);
});

test("a network and a file at once, or neither, is refused", async () => {
  const { io, err } = memoryIo();
  assert.equal(await exitCodeOf(["latency", "predict", "--target", "pixel3-cpu"], io), 2);
  assert.match(err.join("\n"), /no network/);
  assert.match((await predicted([`fbnet:${skips}`], "rapidnet_ti")).err, /a network and --genomes/);
});
