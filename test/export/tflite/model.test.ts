import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteBuffer } from "flatbuffers";
import { foldNorms } from "../../../src/export/foldNorms.js";
import { tfliteModel } from "../../../src/export/tflite/model.js";
import { activation, operators, slots } from "../../../src/export/tflite/schema.js";
import { input, type Node } from "../../../src/graph/node.js";
import { randomWeights } from "../examples.js";

/** A table of a flatbuffer: where its fields stand. */
const tableAt = (buffer: ByteBuffer, at: number) => ({
  /** 0 where it is missing. */
  field: (slot: number) => {
    const place = buffer.__offset(at, 4 + 2 * slot);
    return place === 0 ? 0 : at + place;
  },
});

/** What a file says of itself. */
function read(bytes: Uint8Array) {
  const buffer = new ByteBuffer(bytes);
  const tables = (field: number) => {
    const vector = buffer.__vector(field);
    return Array.from({ length: buffer.__vector_len(field) }, (_, i) =>
      tableAt(buffer, buffer.__indirect(vector + 4 * i)),
    );
  };
  const ints = (field: number) =>
    Array.from({ length: buffer.__vector_len(field) }, (_, i) =>
      buffer.readInt32(buffer.__vector(field) + 4 * i),
    );
  const root = tableAt(buffer, buffer.readInt32(buffer.position()) + buffer.position());
  const codes = tables(root.field(slots.model.operatorCodes)).map((t) =>
    buffer.readInt32(t.field(slots.operatorCode.code)),
  );
  const [graph] = tables(root.field(slots.model.subgraphs));
  const nameOf = (code: number) => Object.entries(operators).find(([, o]) => o.code === code)![0];
  const tensors = tables(graph!.field(slots.subgraph.tensors)).map((t) => ({
    name: String(buffer.__string(t.field(slots.tensor.name))),
    shape: ints(t.field(slots.tensor.shape)),
  }));
  return {
    identifier: new TextDecoder().decode(bytes.subarray(4, 8)),
    version: buffer.readInt32(root.field(slots.model.version)),
    tensors,
    inputs: ints(graph!.field(slots.subgraph.inputs)).map((i) => tensors[i]!.name),
    outputs: ints(graph!.field(slots.subgraph.outputs)).map((i) => tensors[i]!.name),
    operators: tables(graph!.field(slots.subgraph.operators)).map((t) => {
      const name = nameOf(codes[buffer.readInt32(t.field(slots.operator.code))]!);
      const options = t.field(slots.operator.options);
      const form: { readonly code: number; readonly options?: { readonly fields: object } } =
        operators[name as "ADD"];
      const slot = Object.keys(form.options?.fields ?? {}).indexOf("activation");
      const clips = slot >= 0 && buffer.readInt8(tableAt(buffer, buffer.__indirect(options)).field(slot));
      return { name, clips };
    }),
  };
}

const modelOf = (network: Node) => {
  const { out, weights } = foldNorms(network, randomWeights(network, 1));
  return tfliteModel(out, weights, "an example");
};

test("a TFLite file has its identifier, version, inputs and output", () => {
  const other = input([4, 8, 8]);
  const { identifier, version, inputs, outputs, tensors } = read(
    modelOf(input([3, 8, 8]).conv(4).norm().add(other).as("stem")),
  );
  assert.deepEqual([identifier, version], ["TFL3", 3]);
  assert.deepEqual([inputs, outputs], [["input0", "input1"], ["output"]]);
  assert.deepEqual(tensors.find(({ name }) => name === "input0")!.shape, [1, 8, 8, 3]);
  assert.ok(tensors.some(({ name }) => name === "stem/conv0/CONV_2D"));
});

test("an activation is part of the operator before it where nothing else reads that", () => {
  const x = input([3, 8, 8]).conv(4);
  assert.deepEqual(read(modelOf(x.act("relu6"))).operators, [{ name: "CONV_2D", clips: activation.relu6 }]);
  assert.deepEqual(
    read(modelOf(x.act("relu").add(x))).operators.map(({ name }) => name),
    ["CONV_2D", "RELU", "ADD"],
  );
});

test("a strided filter on an even map is padded as our networks are", () => {
  const operatorsOf = (size: number) =>
    read(modelOf(input([3, size, size]).conv(4, { kernel: 3, stride: 2 }))).operators.map(({ name }) => name);
  assert.deepEqual(operatorsOf(8), ["PAD", "CONV_2D"]);
  assert.deepEqual(operatorsOf(9), ["CONV_2D"]);
});

test("weights start at multiples of 16 bytes", () => {
  const network = input([1, 4, 4]).conv(1, { bias: true });
  const weights = new Map([
    ["output/conv0/kernel", Float32Array.of(1234.5)],
    ["output/conv0/bias", Float32Array.of(5432.25)],
  ]);
  const bytes = tfliteModel(network, weights, "");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = Array.from({ length: bytes.length / 4 }, (_, i) => 4 * i).filter((at) =>
    [1234.5, 5432.25].includes(view.getFloat32(at, true)),
  );
  assert.equal(places.length, 2);
  for (const at of places) assert.equal(at % 16, 0);
});

test("equal networks give equal bytes", () => {
  const network = () => input([3, 8, 8]).conv(4).norm().act("relu");
  assert.deepEqual(modelOf(network()), modelOf(network()));
});
