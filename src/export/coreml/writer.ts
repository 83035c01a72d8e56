import { dataType, type NamedValueType, type Operation, type TensorValue, type ValueType } from "./schema.js";
import { bytesOf, type Precision, weightFile } from "./weightFile.js";

/** An argument of a MIL operator: a tensor by name, several tensors, or a constant. */
export type Argument =
  | string
  | readonly string[]
  | { readonly ints: readonly number[] }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly word: string };

/** Where one of our operators puts its MIL operations; everything is named after its path. */
export interface Scope {
  /** One operation with one output of this shape, batch first. Returns the output's name. */
  op(type: string, given: Readonly<Record<string, Argument>>, shape: readonly number[]): string;
  /** A constant in the weight file; returns its name. */
  floats(name: string, shape: readonly number[], data: Float32Array): string;
}

/** A program while it is written: its operations and weights so far. */
export interface Writer {
  readonly operations: readonly Operation[];
  weights(): Uint8Array;
  scope(path: string): Scope;
  tensor(name: string, shape: readonly number[]): NamedValueType;
}

/** Text as a name that MIL allows. */
export const identifier = (text: string): string =>
  text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_");

const typeOf = (type: number, shape: readonly number[]): ValueType => ({
  tensorType: {
    dataType: type,
    rank: shape.length,
    dimensions: shape.map((size) => ({ constant: { size } })),
  },
});

/** @param taken  names that are not free: the inputs' */
export function writer(precision: Precision, taken: readonly string[]): Writer {
  const operations: Operation[] = [];
  const file = weightFile(precision);
  const float = dataType[precision];
  const names = new Set(taken);
  const fresh = (wanted: string): string => {
    const stem = identifier(wanted);
    let name = stem;
    for (let n = 1; names.has(name); n++) name = `${stem}_${n}`;
    names.add(name);
    return name;
  };
  const text = (value: string) => ({
    type: typeOf(dataType.string, []),
    immediateValue: { tensor: { strings: { values: [value] } } },
  });
  const constant = (
    name: string,
    type: ValueType,
    value: Pick<Operation, "attributes">["attributes"][string],
  ) => {
    operations.push({
      type: "const",
      inputs: {},
      outputs: [{ name, type }],
      attributes: { name: text(name), val: value },
    });
    return name;
  };
  const immediate = (name: string, type: ValueType, tensor: TensorValue) =>
    constant(name, type, { type, immediateValue: { tensor } });
  const constantOf = (name: string, given: Exclude<Argument, string | readonly string[]>): string => {
    if ("ints" in given)
      return immediate(name, typeOf(dataType.int32, [given.ints.length]), { ints: { values: given.ints } });
    if ("int" in given) return immediate(name, typeOf(dataType.int32, []), { ints: { values: [given.int] } });
    if ("bool" in given)
      return immediate(name, typeOf(dataType.bool, []), { bools: { values: [given.bool] } });
    if ("word" in given)
      return immediate(name, typeOf(dataType.string, []), { strings: { values: [given.word] } });
    const value =
      precision === "float32"
        ? { floats: { values: [given.float] } }
        : { bytes: { values: bytesOf([given.float], precision) } };
    return immediate(name, typeOf(float, []), value);
  };
  const tensor = (name: string, shape: readonly number[]) => ({ name, type: typeOf(float, shape) });
  const isNames = (given: Argument): given is readonly string[] => Array.isArray(given);

  return {
    operations,
    weights: () => file.bytes(),
    tensor,
    scope: (path) => ({
      op(type, given, shape) {
        const name = fresh(`${path}/${type}`);
        const inputs = Object.entries(given).map(([key, value]) => {
          const from = isNames(value)
            ? value
            : [typeof value === "string" ? value : constantOf(fresh(`${name}/${key}`), value)];
          return [key, { arguments: from.map((n) => ({ name: n })) }] as const;
        });
        operations.push({
          type,
          inputs: Object.fromEntries(inputs),
          outputs: [tensor(name, shape)],
          attributes: { name: text(name) },
        });
        return name;
      },
      floats(stem, shape, data) {
        const type = typeOf(float, shape);
        return constant(fresh(`${path}/${stem}`), type, {
          type,
          blobFileValue: { fileName: "@model_path/weights/weight.bin", offset: file.add(data) },
        });
      },
    }),
  };
}
