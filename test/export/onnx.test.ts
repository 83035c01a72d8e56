import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { relativeDifference } from "../../src/export/check.js";
import type { Format } from "../../src/export/format.js";
import { onnx } from "../../src/export/formats/onnx.js";
import { decode } from "../../src/export/onnx/schema.js";
import { writeExport } from "../../src/export/write.js";
import { input, type Node } from "../../src/graph/node.js";
import { reference } from "../../src/train/engines/reference.js";
import { difference } from "./differences.js";
import { examples, exported, latency } from "./examples.js";

const folder = await mkdtemp(join(tmpdir(), "nas-onnx-"));
after(() => rm(folder, { recursive: true }));

const graphOf = (network: Node, foldNorms = true) =>
  decode(onnx.write(exported(network), { foldNorms })).graph;
const types = (network: Node, foldNorms = true) =>
  graphOf(network, foldNorms).node.map((node) => node.opType);

for (const [kind, networks] of Object.entries(examples))
  for (const [title, network] of Object.entries(networks))
    for (const foldNorms of [true, false])
      test(`onnxruntime computes ${kind} ${title} as the reference does, norms ${foldNorms ? "folded" : "kept"}`, async () => {
        assert.ok((await difference(exported(network), foldNorms, reference)) < 1e-5);
      });

const stem = input([3, 8, 8]).conv(4, { kernel: 3 }).norm().act("relu6").as("stem");
const small = stem.globalPool().conv(10, { bias: true });

test("a norm is folded only into a convolution that feeds nothing else", () => {
  assert.deepEqual(types(small), ["Conv", "Clip", "GlobalAveragePool", "Conv", "Flatten"]);
  assert.ok(types(small, false).includes("BatchNormalization"));
  const shared = input([3, 8, 8]).conv(4);
  assert.ok(types(shared.norm().add(shared)).includes("BatchNormalization"));
});

test("weights and tensors are named by the paths of their nodes", () => {
  const { node, initializer } = graphOf(small);
  assert.deepEqual(
    initializer.map(({ name, dims }) => [name, dims]),
    [
      ["stem/conv0/kernel", [4, 3, 3, 3]],
      ["stem/conv0/bias", [4]],
      ["stem/act0/min", []],
      ["stem/act0/max", []],
      ["output/conv0/kernel", [10, 4, 1, 1]],
      ["output/conv0/bias", [10]],
    ],
  );
  assert.equal(node[0]!.name, "stem/conv0/Conv");
});

test("the batch is free, and every feature map's shape is stated", () => {
  const { input, output, valueInfo } = graphOf(small);
  const shapes = [...input, ...valueInfo, ...output].map(({ name, type }) => [
    name,
    type.tensorType.shape.dim.map((d) => ("dimParam" in d ? d.dimParam : d.dimValue)).join("x"),
  ]);
  assert.deepEqual(shapes[0], ["input", "Nx3x8x8"]);
  assert.deepEqual(shapes.at(-1), ["logits", "Nx10"]);
  assert.deepEqual(
    shapes.find(([name]) => name === "stem/act0/Clip"),
    ["stem/act0/Clip", "Nx4x8x8"],
  );
  assert.equal(graphOf(stem).output[0]!.name, "features");
});

test("an ONNX file says what its network and weights are", () => {
  const model = decode(
    onnx.write(
      exported(small, {
        genome: "tiny:a/b",
        space: "tiny",
        latency: { ...latency, ms: 1.2500001 },
        accuracy: { value: 0.5, kind: "proxy", epochs: 3, data: "synthetic", seed: 7, engine: "wasm" },
        reproduce: { command: "nas search --seed 7", version: "0.1.0", seed: 7, data: "synthetic" },
      }),
      { foldNorms: true },
    ),
  );
  assert.deepEqual(Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value])), {
    genome: "tiny:a/b",
    space: "tiny",
    target: "iphone13-npu",
    latency: "1.25 ms (1 to 1.5, 90 %), predicted",
    accuracy: "0.5, proxy, 3 epochs on synthetic",
    weights: "untrained, random values, seed 1",
    seed: "7",
    command: "nas search --seed 7",
    version: "0.1.0",
  });
  assert.match(model.docString, /untrained/);
  assert.deepEqual([model.irVersion, model.opsetImport], [8, [{ domain: "", version: 17 }]]);
});

test("equal networks give equal bytes", () => {
  const again = input([3, 8, 8]).conv(4, { kernel: 3 }).norm().act("relu6").as("stem").globalPool();
  const bytes = (network: Node) => onnx.write(exported(network), { foldNorms: true });
  assert.deepEqual(bytes(again.conv(10, { bias: true })), bytes(small));
});

test("a missing weight is named", () => {
  assert.throws(() => onnx.write(exported(small, { weights: new Map() }), { foldNorms: false }), {
    message: "there is no weight stem/conv0/kernel",
  });
});

test("a file is kept once its outputs agree with the engine's", async () => {
  const file = join(folder, "kept", "small.onnx");
  const agreed = await writeExport(onnx, exported(small), file, { foldNorms: true }, reference);
  assert.match(agreed, /^run by onnxruntime, its outputs equal those of Reference .* within \d/);
  assert.deepEqual(await readdir(join(folder, "kept")), ["small.onnx"]);
  assert.deepEqual(
    new Uint8Array(await readFile(file)),
    new Uint8Array(onnx.write(exported(small), { foldNorms: true })),
  );
});

test("a file whose outputs differ is not kept, and an older one is left alone", async () => {
  const file = join(folder, "wrong", "small.onnx");
  await writeExport(onnx, exported(small), file, { foldNorms: true }, reference);
  const before = await readFile(file);
  const off: Format = {
    ...onnx,
    write(what, options) {
      const weights = new Map(what.weights);
      weights.set(
        "output/conv0/bias",
        weights.get("output/conv0/bias")!.map((b, i) => (i === 0 ? b + 0.01 : b)),
      );
      return onnx.write({ ...what, weights }, options);
    },
  };
  await assert.rejects(writeExport(off, exported(small), file, { foldNorms: true }, reference), {
    name: "UserError",
    exitCode: 1,
    message: /outputs differ by \d\.\de-\d of the largest$/,
  });
  assert.deepEqual(await readdir(join(folder, "wrong")), ["small.onnx"]);
  assert.deepEqual(await readFile(file), before);
});

test("a place that cannot be written to is said to be one", async () => {
  await writeFile(join(folder, "a-file"), "");
  await assert.rejects(
    writeExport(onnx, exported(small), join(folder, "a-file", "x.onnx"), { foldNorms: true }, reference),
    { name: "UserError", exitCode: 1, message: /^cannot write .*x\.onnx: / },
  );
});

test("the difference is a share of the largest output, and nothing passes with a NaN in it", () => {
  assert.equal(relativeDifference(Float32Array.of(1, -3.5), Float32Array.of(1, -4)), 0.125);
  assert.ok(!(relativeDifference(Float32Array.of(Number.NaN, 1), Float32Array.of(0, 1)) <= 1));
  assert.ok(!(relativeDifference(Float32Array.of(1, 1), Float32Array.of(1, Number.NaN)) <= 1));
  assert.ok(!(relativeDifference(Float32Array.of(1), Float32Array.of(1, 1)) <= 1));
  assert.ok(!(relativeDifference(Float32Array.of(1), Float32Array.of(0)) <= 1));
});
