import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor.js";
import { half } from "../../../src/export/coreml/half.js";
import { mlpackage } from "../../../src/export/coreml/mlpackage.js";
import { decode } from "../../../src/export/coreml/schema.js";
import { foldNorms } from "../../../src/export/foldNorms.js";
import { input, type Node } from "../../../src/graph/node.js";
import { examples, randomWeights } from "../examples.js";

const at = {
  model: "Data/com.apple.CoreML/model.mlmodel",
  weights: "Data/com.apple.CoreML/weights/weight.bin",
};

const packageOf = (network: Node, precision: "float16" | "float32" = "float16") => {
  const { out, weights } = foldNorms(network, randomWeights(network, 1));
  return mlpackage(out, weights, { precision, about: "an example" });
};

const small = input([3, 8, 8]).conv(4, { kernel: 3 }).norm().act("relu6").as("stage1.0").globalPool();

test("halves are rounded to nearest, ties to even, with subnormals, infinities and NaN", () => {
  const values: readonly (readonly [number, number])[] = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NaN, 0x7e00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1.5 * 2 ** -24, 2],
    [2 ** -14, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [0.1, 0x2e66],
    [1e-10, 0],
  ];
  for (const [value, bits] of values) assert.equal(half(value), bits, String(value));
});

test("a package has a manifest of its model and weights", () => {
  const files = packageOf(small);
  assert.deepEqual([...files.keys()], ["Manifest.json", at.model, at.weights]);
  const manifest = JSON.parse(new TextDecoder().decode(files.get("Manifest.json")));
  const items = manifest.itemInfoEntries;
  assert.equal(items[manifest.rootModelIdentifier].path, "com.apple.CoreML/model.mlmodel");
  for (const { path } of Object.values<{ path: string }>(items))
    assert.ok(
      [...files.keys()].some((file) => file.startsWith(`Data/${path}`)),
      path,
    );
});

test("a program states its input and output twice alike, and names every operation once", () => {
  const { specificationVersion, description, mlProgram } = decode(packageOf(small).get(at.model)!);
  const main = mlProgram.functions.main!;
  const block = main.block_specializations[main.opset]!;
  assert.deepEqual([specificationVersion, main.opset], [7, "CoreML6"]);
  assert.deepEqual(
    description.input.map(({ name, type }) => [name, type.multiArrayType.shape]),
    [["input", [1, 3, 8, 8]]],
  );
  assert.deepEqual(description.output[0]!.type.multiArrayType.shape, [1, 4, 1, 1]);
  assert.deepEqual(block.outputs, ["output"]);
  const names = block.operations.map(({ outputs }) => outputs[0]!.name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[A-Za-z_]\w*$/);
  const known = new Set(["input"]);
  for (const { inputs, outputs } of block.operations) {
    for (const { arguments: given } of Object.values(inputs))
      for (const { name } of given) assert.ok(known.has(name), name);
    known.add(outputs[0]!.name);
  }
  assert.deepEqual(
    block.operations.filter(({ type }) => type !== "const").map(({ type }) => type),
    ["conv", "relu6", "reduce_mean"],
  );
});

test("weights stand in the weight file where the program points", () => {
  for (const precision of ["float16", "float32"] as const) {
    const network = input([2, 3, 3]).conv(2, { bias: true });
    const weights = randomWeights(network, 1);
    const files = mlpackage(network, weights, { precision, about: "" });
    const file = files.get(at.weights)!;
    const view = new DataView(file.buffer, file.byteOffset);
    assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true)], [2, 2]);
    const { operations } = decode(files.get(at.model)!).mlProgram.functions.main!.block_specializations
      .CoreML6!;
    const bias = operations.find(({ outputs }) => outputs[0]!.name === "output_conv0_bias")!;
    const record = bias.attributes.val!.blobFileValue!.offset;
    assert.equal(view.getUint32(record, true), 0xdeadbeef);
    assert.equal(view.getUint32(record + 4, true), precision === "float16" ? 1 : 2);
    const size = precision === "float16" ? 2 : 4;
    assert.equal(Number(view.getBigUint64(record + 8, true)), 2 * size);
    const data = Number(view.getBigUint64(record + 16, true));
    assert.equal(data % 64, 0);
    const wanted = weights.get("output/conv0/bias")!;
    for (const [i, value] of wanted.entries())
      if (size === 4) assert.equal(view.getFloat32(data + 4 * i, true), value);
      else assert.equal(view.getUint16(data + 2 * i, true), half(value));
  }
});

test("equal networks give equal files", () => {
  assert.deepEqual(packageOf(small), packageOf(small));
});

const descriptors = join("..", "shared", "tools", "coreml", "coreml.fds");

test("Apple's own descriptors read every example and write the same bytes again", {
  skip: !existsSync(descriptors) && "needs ../shared/tools/coreml/coreml.fds",
}, () => {
  const { fromDescriptor } = protobuf.Root as typeof protobuf.Root & {
    fromDescriptor(set: Uint8Array): protobuf.Root;
  };
  const root = fromDescriptor(readFileSync(descriptors));
  const model = root.lookupType("CoreML.Specification.Model");
  for (const of of Object.values(examples))
    for (const network of Object.values(of)) {
      const bytes = packageOf(network).get(at.model)!;
      assert.deepEqual(new Uint8Array(model.encode(model.decode(bytes)).finish()), new Uint8Array(bytes));
    }
});
