/**
 * What we write of a TFLite file: codes of operators and the slots of their options, as TensorFlow
 * Lite's public schema (schema.fbs, version 3) has them.
 *
 * Source: tensorflow/tensorflow, tensorflow/compiler/mlir/lite/schema/schema.fbs, Apache-2.0.
 */

/** How a field of options is stored. */
type FieldKind = "byte" | "int" | "float";

interface OptionsForm {
  /** Member of the union `BuiltinOptions`. */
  readonly type: number;
  /** In the order of their slots. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

const none = (type: number): OptionsForm => ({ type, fields: {} });
const activated = (type: number): OptionsForm => ({ type, fields: { activation: "byte" } });

/** An operator's code, and its options; no options where it has none. */
export interface OperatorForm {
  readonly code: number;
  readonly options?: OptionsForm;
}

const operator = (code: number, options?: OptionsForm): OperatorForm =>
  options === undefined ? { code } : { code, options };

/** `BuiltinOperator`, by its name. */
export const operators = {
  ADD: operator(0, activated(11)),
  AVERAGE_POOL_2D: operator(1, {
    type: 5,
    fields: {
      padding: "byte",
      strideW: "int",
      strideH: "int",
      filterW: "int",
      filterH: "int",
      activation: "byte",
    },
  }),
  CONCATENATION: operator(2, { type: 10, fields: { axis: "int", activation: "byte" } }),
  CONV_2D: operator(3, {
    type: 1,
    fields: {
      padding: "byte",
      strideW: "int",
      strideH: "int",
      activation: "byte",
      dilationW: "int",
      dilationH: "int",
    },
  }),
  DEPTHWISE_CONV_2D: operator(4, {
    type: 2,
    fields: {
      padding: "byte",
      strideW: "int",
      strideH: "int",
      multiplier: "int",
      activation: "byte",
      dilationW: "int",
      dilationH: "int",
    },
  }),
  LOGISTIC: operator(14),
  MUL: operator(18, activated(21)),
  RELU: operator(19),
  RELU6: operator(21),
  RESHAPE: operator(22),
  SOFTMAX: operator(25, { type: 9, fields: { beta: "float" } }),
  PAD: operator(34, none(22)),
  TRANSPOSE: operator(39, none(26)),
  MEAN: operator(40, { type: 27, fields: { keepDims: "byte" } }),
  SUB: operator(41, activated(28)),
  MINIMUM: operator(57, none(39)),
  SLICE: operator(65, none(48)),
  RSQRT: operator(76),
  SQUARED_DIFFERENCE: operator(99, none(76)),
  HARD_SWISH: operator(117, none(91)),
  BATCH_MATMUL: operator(126, { type: 101, fields: { adjX: "byte", adjY: "byte" } }),
  GELU: operator(150, { type: 116, fields: { approximate: "byte" } }),
} as const satisfies Record<string, OperatorForm>;

export type OperatorName = keyof typeof operators;

/** `ActivationFunctionType`. */
export const activation = { none: 0, relu: 1, relu6: 3 } as const;
/** `Padding`. */
export const padding = { same: 0, valid: 1 } as const;
/** `TensorType`. */
export const tensorType = { float32: 0, int32: 2 } as const;

/** Slots of the tables we write, and how many each has. */
export const slots = {
  model: { count: 8, version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4 },
  operatorCode: { count: 4, deprecatedCode: 0, version: 2, code: 3 },
  subgraph: { count: 6, tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 },
  tensor: { count: 10, shape: 0, type: 1, buffer: 2, name: 3 },
  buffer: { count: 3, data: 0 },
  operator: { count: 14, code: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4 },
} as const;

export const schemaVersion = 3;
export const fileIdentifier = "TFL3";
