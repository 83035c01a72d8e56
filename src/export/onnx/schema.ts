import protobuf from "protobufjs";

/**
 * What we write of an ONNX file, names and field numbers as its public schema
 * (onnx.proto, IR version 8) has them.
 */
const schema = /* protobuf */ `
  syntax = "proto2";
  package onnx;

  message Model {
    optional int64 ir_version = 1;
    optional string producer_name = 2;
    optional string producer_version = 3;
    optional string doc_string = 6;
    optional Graph graph = 7;
    repeated OperatorSet opset_import = 8;
    repeated Property metadata_props = 14;
  }
  message OperatorSet { optional string domain = 1; optional int64 version = 2; }
  message Property { optional string key = 1; optional string value = 2; }
  message Graph {
    repeated Node node = 1;
    optional string name = 2;
    repeated Tensor initializer = 5;
    repeated Value input = 11;
    repeated Value output = 12;
    repeated Value value_info = 13;
  }
  message Node {
    repeated string input = 1;
    repeated string output = 2;
    optional string name = 3;
    optional string op_type = 4;
    repeated Attribute attribute = 5;
  }
  message Attribute {
    optional string name = 1;
    optional float f = 2;
    optional int64 i = 3;
    repeated int64 ints = 8;
    optional int32 type = 20;
  }
  message Tensor {
    repeated int64 dims = 1;
    optional int32 data_type = 2;
    optional string name = 8;
    optional bytes raw_data = 9;
  }
  message Value { optional string name = 1; optional Type type = 2; }
  message Type { optional TensorType tensor_type = 1; }
  message TensorType { optional int32 elem_type = 1; optional TensorShape shape = 2; }
  message TensorShape { repeated Dimension dim = 1; }
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
`;

const model = protobuf.parse(schema).root.lookupType("onnx.Model");

export interface Model {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: Graph;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly Property[];
}

export interface Property {
  readonly key: string;
  readonly value: string;
}

export interface Graph {
  readonly name: string;
  readonly node: readonly GraphNode[];
  readonly initializer: readonly Tensor[];
  readonly input: readonly Value[];
  readonly output: readonly Value[];
  readonly valueInfo: readonly Value[];
}

export interface GraphNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly Attribute[];
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
}

/** `rawData` is little-endian. */
export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

export interface Value {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: {
        readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[];
      };
    };
  };
}

/** `TensorProto.DataType`. */
export const dataType = { float: 1, int64: 7 } as const;

/** `AttributeProto.AttributeType`. */
export const attributeType = { float: 1, int: 2, ints: 7 } as const;

/** A model as the bytes of an ONNX file; fields in the order of the schema, so equal models give equal bytes. */
export const encode = (from: Model): Uint8Array => model.encode(model.create({ ...from })).finish();

/** The model in the bytes of a file that `encode` wrote. */
export const decode = (bytes: Uint8Array): Model =>
  model.toObject(model.decode(bytes), { longs: Number, arrays: true }) as Model;
