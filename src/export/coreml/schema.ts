import protobuf from "protobufjs";

/**
 * What we write of a Core ML model, names and field numbers as Apple's public schema has them
 * (Model.proto, FeatureTypes.proto, MIL.proto of coremltools 9).
 *
 * Source: apple/coremltools, mlmodel/format, BSD-3-Clause.
 */
const schema = /* protobuf */ `
  syntax = "proto3";
  package CoreML;

  message Model {
    int32 specificationVersion = 1;
    ModelDescription description = 2;
    Program mlProgram = 502;
  }
  message ModelDescription {
    repeated FeatureDescription input = 1;
    repeated FeatureDescription output = 10;
    Metadata metadata = 100;
  }
  message Metadata { string shortDescription = 1; map<string, string> userDefined = 100; }
  message FeatureDescription { string name = 1; FeatureType type = 3; }
  message FeatureType { ArrayFeatureType multiArrayType = 5; }
  message ArrayFeatureType { repeated int64 shape = 1; int32 dataType = 2; }

  message Program { int64 version = 1; map<string, Function> functions = 2; }
  message Function {
    repeated NamedValueType inputs = 1;
    string opset = 2;
    map<string, Block> block_specializations = 3;
  }
  message Block { repeated string outputs = 2; repeated Operation operations = 3; }
  message Operation {
    string type = 1;
    map<string, Argument> inputs = 2;
    repeated NamedValueType outputs = 3;
    map<string, Value> attributes = 5;
  }
  message Argument { repeated Binding arguments = 1; }
  message Binding { string name = 1; }
  message NamedValueType { string name = 1; ValueType type = 2; }
  message ValueType { TensorType tensorType = 1; }
  message TensorType { int32 dataType = 1; int64 rank = 2; repeated Dimension dimensions = 3; }
  message Dimension { ConstantDimension constant = 1; }
  message ConstantDimension { uint64 size = 1; }
  message Value {
    ValueType type = 2;
    ImmediateValue immediateValue = 3;
    BlobFileValue blobFileValue = 5;
  }
  message ImmediateValue { TensorValue tensor = 1; }
  message BlobFileValue { string fileName = 1; uint64 offset = 2; }
  message TensorValue {
    Floats floats = 1;
    Ints ints = 2;
    Bools bools = 3;
    Strings strings = 4;
    Bytes bytes = 7;
  }
  message Floats { repeated float values = 1; }
  message Ints { repeated int32 values = 1; }
  message Bools { repeated bool values = 1; }
  message Strings { repeated string values = 1; }
  message Bytes { bytes values = 1; }
`;

const model = protobuf.parse(schema, { keepCase: true }).root.lookupType("CoreML.Model");

export interface Model {
  readonly specificationVersion: number;
  readonly description: {
    readonly input: readonly FeatureDescription[];
    readonly output: readonly FeatureDescription[];
    readonly metadata: {
      readonly shortDescription: string;
      readonly userDefined: Readonly<Record<string, string>>;
    };
  };
  readonly mlProgram: {
    readonly version: number;
    readonly functions: Readonly<Record<string, ProgramFunction>>;
  };
}

export interface FeatureDescription {
  readonly name: string;
  readonly type: {
    readonly multiArrayType: { readonly shape: readonly number[]; readonly dataType: number };
  };
}

export interface ProgramFunction {
  readonly inputs: readonly NamedValueType[];
  readonly opset: string;
  readonly block_specializations: Readonly<Record<string, Block>>;
}

export interface Block {
  readonly outputs: readonly string[];
  readonly operations: readonly Operation[];
}

export interface Operation {
  readonly type: string;
  readonly inputs: Readonly<Record<string, { readonly arguments: readonly { readonly name: string }[] }>>;
  readonly outputs: readonly NamedValueType[];
  readonly attributes: Readonly<Record<string, Value>>;
}

export interface NamedValueType {
  readonly name: string;
  readonly type: ValueType;
}

export interface ValueType {
  readonly tensorType: {
    readonly dataType: number;
    readonly rank: number;
    readonly dimensions: readonly { readonly constant: { readonly size: number } }[];
  };
}

export interface Value {
  readonly type: ValueType;
  readonly immediateValue?: { readonly tensor: TensorValue };
  readonly blobFileValue?: { readonly fileName: string; readonly offset: number };
}

export type TensorValue =
  | { readonly floats: { readonly values: readonly number[] } }
  | { readonly ints: { readonly values: readonly number[] } }
  | { readonly bools: { readonly values: readonly boolean[] } }
  | { readonly strings: { readonly values: readonly string[] } }
  | { readonly bytes: { readonly values: Uint8Array } };

/** `MIL.DataType`. */
export const dataType = { bool: 1, string: 2, float16: 10, float32: 11, int32: 23 } as const;

/** `ArrayFeatureType.ArrayDataType`. */
export const arrayType = { float16: 65552, float32: 65568 } as const;

/** A model as the bytes of a .mlmodel file; fields in the order given, so equal models give equal bytes. */
export const encode = (from: Model): Uint8Array => model.encode(model.create({ ...from })).finish();

/** The model in the bytes of a file that `encode` wrote. */
export const decode = (bytes: Uint8Array): Model =>
  model.toObject(model.decode(bytes), { longs: Number, arrays: true, objects: true }) as Model;
