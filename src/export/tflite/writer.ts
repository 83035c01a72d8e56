import { Builder, type Offset } from "flatbuffers";
import {
  activation,
  fileIdentifier,
  type OperatorForm,
  type OperatorName,
  operators,
  schemaVersion,
  slots,
  tensorType,
} from "./schema.js";

/** Values of an operator's options by name; those not given are 0. */
export type Options = Readonly<Record<string, number>>;

/** Where one of our operators puts its TFLite operators; everything is named after its path. */
export interface Scope {
  /** One operator with one output of this shape, batch first. Returns the output's index. */
  op(name: OperatorName, inputs: readonly number[], shape: readonly number[], options?: Options): number;
  /** A float32 constant; returns its index. */
  floats(name: string, shape: readonly number[], data: Float32Array): number;
  /** An int32 constant; returns its index. */
  ints(name: string, shape: readonly number[], data: readonly number[]): number;
  /** Make the operator behind a tensor clip what it writes, if it is one that can, and call the tensor by this path. */
  clip(tensor: number, how: "relu" | "relu6"): boolean;
}

interface Tensor {
  name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Null where it is computed. */
  readonly data: Uint8Array | null;
}

interface Operator {
  readonly name: OperatorName;
  readonly inputs: readonly number[];
  readonly output: number;
  options: Options;
}

/** A model while it is written. */
export interface Writer {
  /** An input of the model; returns its index. */
  input(name: string, shape: readonly number[]): number;
  scope(path: string): Scope;
  /** The file, whose output is this tensor, called by this name. */
  close(output: number, name: string, about: string): Uint8Array;
}

export function writer(): Writer {
  const tensors: Tensor[] = [];
  const steps: Operator[] = [];
  const inputs: number[] = [];
  const taken = new Map<string, number>();
  const fresh = (stem: string): string => {
    const n = taken.get(stem) ?? 0;
    taken.set(stem, n + 1);
    return n === 0 ? stem : `${stem}${n}`;
  };
  const tensor = (name: string, shape: readonly number[], type: number, data: Uint8Array | null) =>
    tensors.push({ name: fresh(name), shape, type, data }) - 1;
  return {
    input(name, shape) {
      const index = tensor(name, shape, tensorType.float32, null);
      inputs.push(index);
      return index;
    },
    scope: (path) => ({
      op(name, from, shape, options = {}) {
        const output = tensor(`${path}/${name}`, shape, tensorType.float32, null);
        steps.push({ name, inputs: from, output, options });
        return output;
      },
      floats(name, shape, data) {
        const bytes = new Uint8Array(4 * data.length);
        const view = new DataView(bytes.buffer);
        data.forEach((value, i) => {
          view.setFloat32(4 * i, value, true);
        });
        return tensor(`${path}/${name}`, shape, tensorType.float32, bytes);
      },
      ints(name, shape, data) {
        const bytes = new Uint8Array(4 * data.length);
        const view = new DataView(bytes.buffer);
        data.forEach((value, i) => {
          view.setInt32(4 * i, value, true);
        });
        return tensor(`${path}/${name}`, shape, tensorType.int32, bytes);
      },
      clip(at, how) {
        const step = steps.find(({ output }) => output === at);
        const form: OperatorForm | undefined = step && operators[step.name];
        if (step === undefined || form?.options?.fields.activation === undefined) return false;
        if ((step.options.activation ?? activation.none) !== activation.none) return false;
        step.options = { ...step.options, activation: activation[how] };
        tensors[at]!.name = fresh(`${path}/${step.name}`);
        return true;
      },
    }),
    close(output, name, about) {
      tensors[output]!.name = name;
      return fileOf({ tensors, steps, inputs, output, about });
    },
  };
}

interface Parts {
  readonly tensors: readonly Tensor[];
  readonly steps: readonly Operator[];
  readonly inputs: readonly number[];
  readonly output: number;
  readonly about: string;
}

function fileOf({ tensors, steps, inputs, output, about }: Parts): Uint8Array {
  const size = tensors.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  const to = new Builder(size + 4096);
  to.forceDefaults(true);

  const table = (count: number, fields: () => void): Offset => {
    to.startObject(count);
    fields();
    return to.endObject();
  };
  const offsets = (all: readonly Offset[]): Offset => {
    to.startVector(4, all.length, 4);
    for (const offset of all.toReversed()) to.addOffset(offset);
    return to.endVector();
  };
  const ints = (all: readonly number[]): Offset => {
    to.startVector(4, all.length, 4);
    for (const n of all.toReversed()) to.addInt32(n);
    return to.endVector();
  };
  const bytes = (data: Uint8Array): Offset => {
    to.prep(16, data.length);
    return to.createByteVector(data);
  };

  const { buffer, tensor, operator, operatorCode, subgraph, model } = slots;
  // Buffer 0 is empty: that of every tensor that is computed.
  const buffers = [table(buffer.count, () => {})];
  const tensorOffsets = tensors.map(({ name, shape, type, data }) => {
    let at = 0;
    if (data !== null) {
      const content = bytes(data);
      at = buffers.push(table(buffer.count, () => to.addFieldOffset(buffer.data, content, 0))) - 1;
    }
    const called = to.createString(name);
    const sizes = ints(shape);
    return table(tensor.count, () => {
      to.addFieldOffset(tensor.shape, sizes, 0);
      to.addFieldInt8(tensor.type, type, 0);
      to.addFieldInt32(tensor.buffer, at, 0);
      to.addFieldOffset(tensor.name, called, 0);
    });
  });

  const codes = [...new Set(steps.map(({ name }) => name))];
  const codeOffsets = codes.map((name) => {
    const { code } = operators[name];
    return table(operatorCode.count, () => {
      to.addFieldInt8(operatorCode.deprecatedCode, Math.min(code, 127), 0);
      to.addFieldInt32(operatorCode.version, 1, 1);
      to.addFieldInt32(operatorCode.code, code, 0);
    });
  });
  const stepOffsets = steps.map(({ name, inputs, output, options }) => {
    const form: OperatorForm = operators[name];
    const given =
      form.options &&
      table(Object.keys(form.options.fields).length, () => {
        Object.entries(form.options!.fields).forEach(([key, kind], slot) => {
          const value = options[key] ?? 0;
          if (kind === "byte") to.addFieldInt8(slot, value, 0);
          else if (kind === "int") to.addFieldInt32(slot, value, 0);
          else to.addFieldFloat32(slot, value, 0);
        });
      });
    const from = ints(inputs);
    const into = ints([output]);
    return table(operator.count, () => {
      to.addFieldInt32(operator.code, codes.indexOf(name), 0);
      to.addFieldOffset(operator.inputs, from, 0);
      to.addFieldOffset(operator.outputs, into, 0);
      if (given === undefined) return;
      to.addFieldInt8(operator.optionsType, form.options!.type, 0);
      to.addFieldOffset(operator.options, given, 0);
    });
  });

  const all = {
    tensors: offsets(tensorOffsets),
    inputs: ints(inputs),
    outputs: ints([output]),
    steps: offsets(stepOffsets),
    name: to.createString("main"),
  };
  const graph = table(subgraph.count, () => {
    to.addFieldOffset(subgraph.tensors, all.tensors, 0);
    to.addFieldOffset(subgraph.inputs, all.inputs, 0);
    to.addFieldOffset(subgraph.outputs, all.outputs, 0);
    to.addFieldOffset(subgraph.operators, all.steps, 0);
    to.addFieldOffset(subgraph.name, all.name, 0);
  });
  const described = to.createString(about);
  const codeList = offsets(codeOffsets);
  const graphList = offsets([graph]);
  const bufferList = offsets(buffers);
  const root = table(model.count, () => {
    to.addFieldInt32(model.version, schemaVersion, 0);
    to.addFieldOffset(model.operatorCodes, codeList, 0);
    to.addFieldOffset(model.subgraphs, graphList, 0);
    to.addFieldOffset(model.description, described, 0);
    to.addFieldOffset(model.buffers, bufferList, 0);
  });
  to.finish(root, fileIdentifier);
  return to.asUint8Array();
}
