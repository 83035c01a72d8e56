import {
  type Attribute,
  attributeType,
  dataType,
  type GraphNode,
  type Tensor,
  type Value,
} from "./schema.js";

/** Attributes of an ONNX operator. A number is an int; a real one is written `{ float }`. */
export type Attributes = {
  readonly [name: string]: number | readonly number[] | { readonly float: number };
};

/** Where one of our operators puts its ONNX nodes and constants; everything is named below its path. */
export interface Scope {
  /** One ONNX node with one output. Returns the output's name, which is the node's. */
  op(type: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A float32 constant; returns its name. */
  floats(name: string, shape: readonly number[], data: Float32Array): string;
  /** An int64 vector; returns its name. */
  ints(name: string, data: readonly number[]): string;
}

const attribute = (name: string, value: Attributes[string]): Attribute => {
  if (typeof value === "number") return { name, type: attributeType.int, i: value };
  if ("float" in value) return { name, type: attributeType.float, f: value.float };
  return { name, type: attributeType.ints, ints: value };
};

/** A graph while it is written: its nodes and constants so far. */
export interface Writer {
  readonly node: readonly GraphNode[];
  readonly initializer: readonly Tensor[];
  scope(path: string): Scope;
  /** The last node; it and its output have this name. */
  close(type: string, input: string, name: string): string;
}

export function writer(): Writer {
  const node: GraphNode[] = [];
  const initializer: Tensor[] = [];
  const taken = new Map<string, number>();
  const fresh = (stem: string): string => {
    const n = taken.get(stem) ?? 0;
    taken.set(stem, n + 1);
    return n === 0 ? stem : `${stem}${n}`;
  };
  const add = (
    name: string,
    opType: string,
    input: readonly string[],
    attributes: Attributes = {},
  ): string => {
    const given = Object.entries(attributes).map(([key, value]) => attribute(key, value));
    node.push({ name, opType, input, output: [name], attribute: given });
    return name;
  };
  const keep = (name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string => {
    const type = data instanceof Float32Array ? dataType.float : dataType.int64;
    initializer.push({ name, dims, dataType: type, rawData: littleEndian(data) });
    return name;
  };
  return {
    node,
    initializer,
    scope: (path) => ({
      op: (type, inputs, attributes) => add(fresh(`${path}/${type}`), type, inputs, attributes),
      floats: (stem, dims, data) => keep(fresh(`${path}/${stem}`), dims, data),
      ints: (stem, data) => keep(fresh(`${path}/${stem}`), [data.length], BigInt64Array.from(data, BigInt)),
    }),
    close: (type, input, name) => add(name, type, [input]),
  };
}

function littleEndian(data: Float32Array | BigInt64Array): Uint8Array {
  const bytes = new Uint8Array(data.byteLength);
  const view = new DataView(bytes.buffer);
  if (data instanceof Float32Array)
    for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i]!, true);
  else for (let i = 0; i < data.length; i++) view.setBigInt64(8 * i, data[i]!, true);
  return bytes;
}

/** A float32 tensor's name and shape; the batch dimension is called N and may be anything. */
export const value = (name: string, shape: readonly number[]): Value => ({
  name,
  type: {
    tensorType: {
      elemType: dataType.float,
      shape: { dim: [{ dimParam: "N" }, ...shape.map((dimValue) => ({ dimValue }))] },
    },
  },
});
