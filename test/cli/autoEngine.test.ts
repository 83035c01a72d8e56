import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { autoEngine } from "../../src/cli/autoEngine.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { probeNetwork } from "../../src/cli/probeNetwork.js";
import { searchOptions } from "../../src/cli/searchOptions.js";
import { print } from "../../src/graph/text.js";
import { rapidnet } from "../../src/space/spaces/index.js";
import * as engines from "../../src/train/engines/index.js";
import { fasterEngine, tensorFlowVersion } from "../../src/train/fasterEngine.js";
import { openDataset } from "../../src/train/openDataset.js";
import { imagesPerSecond } from "../../src/train/speed.js";
import { memoryIo } from "./io.js";

const cache = mkdtempSync(join(tmpdir(), "nas-cache-"));
process.env.XDG_CACHE_HOME = cache;
after(() => rmSync(cache, { recursive: true, force: true }));
const file = join(cache, "nas", "engines.json");
const hasTensorFlow = tensorFlowVersion() !== undefined;

test("--engine takes auto, which is the default, or an engine there is", () => {
  const { fallback, read } = searchOptions.engine;
  assert.equal(fallback, "auto");
  assert.deepEqual(
    ["auto", "wasmStrict", "wasm-strict", "reference"].map((text) => read(text, "--engine")),
    ["auto", "wasm-strict", "wasm-strict", "reference"],
  );
  assert.throws(() => read("wasn", "--engine"), /unknown engine "wasn"/);
});

test("an engine's speed is images over the median step", async () => {
  const speed = await imagesPerSecond(engines.wasm, probeNetwork(), { batch: 8, seconds: 0.05 });
  assert.ok(Number.isFinite(speed) && speed > 8, `${speed} images/s`);
});

test("auto is wasm, without a trial or a word, where nothing else loads", {
  skip: hasTensorFlow && "TensorFlow is here",
}, async () => {
  assert.deepEqual(await fasterEngine(print(probeNetwork()), 8), { engine: "wasm", speeds: {} });
  const { io, err } = memoryIo();
  assert.equal(await autoEngine(rapidnet, await openDataset(undefined), 32, io), "wasm");
  assert.deepEqual(err, []);
  assert.ok(!existsSync(file));
});

test("auto is the fastest that loads, is tried once and remembered", {
  skip: !hasTensorFlow && "TensorFlow is not here",
}, async () => {
  const { engine, speeds } = await fasterEngine(print(probeNetwork()), 8);
  assert.ok(Object.values(speeds).every((speed) => speed > 0 && speed <= speeds[engine]!));
  assert.ok("wasm" in speeds);

  mkdirSync(join(cache, "nas"));
  writeFileSync(file, "half a fi");
  const dataset = await openDataset(undefined);
  const first = memoryIo();
  const chosen = await autoEngine(rapidnet, dataset, 32, first.io);
  assert.match(first.err.join("\n"), new RegExp(`^Engine: ${chosen}, the fastest here`));
  const [[key, found]] = Object.entries(JSON.parse(readFileSync(file, "utf8"))) as [[string, object]];
  const other = chosen === "wasm" ? "tfjs-node" : "wasm";
  writeFileSync(file, JSON.stringify({ [key]: { ...found, engine: other } }));
  assert.equal(await autoEngine(rapidnet, dataset, 32, memoryIo().io), other);
});

test("an engine that cannot work here is refused before a run is made", {
  skip: hasTensorFlow && "TensorFlow is here",
}, async () => {
  const dir = join(cache, "run");
  const { io, err } = memoryIo();
  const line = ["search", "--target", "iphone13-npu", "--engine", "tfjs-node", "--run-dir", dir];
  assert.equal(await exitCodeOf(line, io), 2);
  assert.match(err.at(-1)!, /tfjs-node .*installed.*To get it: scripts\/tfjs-node-from-wheel/s);
  assert.ok(!existsSync(dir));
});
