import { sizeOf } from "../../graph/weights.js";
import type { Attribute } from "./attributes.js";
import type { Binding } from "./binding.js";

/** A tensor of TensorFlow's. Images are [batch, height, width, channels]. */
export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
}

/** TensorFlow's operators, and an account of the tensors they made. */
export interface Tensors {
  /** The only output of an operator; the types of its inputs say the rest. */
  op(name: string, inputs: readonly Tensor[], ...attributes: readonly Attribute[]): Tensor;
  /** All outputs of an operator. */
  ops(
    name: string,
    outputs: number,
    inputs: readonly Tensor[],
    ...attributes: readonly Attribute[]
  ): readonly Tensor[];
  /** A tensor of these numbers, which must not change while it lives. */
  floats(shape: readonly number[], numbers: Float32Array): Tensor;
  /** A constant that lasts as long as this account: a list of int32, such as axes or a shape. */
  ints(values: readonly number[]): Tensor;
  /** Likewise one int32, a scalar. */
  int(value: number): Tensor;
  /** Likewise one float32. */
  number(value: number): Tensor;
  /** A copy of its numbers. */
  read(tensor: Tensor): Float32Array;
  /** Run; the tensors made meanwhile that are left, until freed, here or with what it ran in. */
  frame<R>(use: () => R): { readonly result: R; free(): void };
  /** Run, and free what was made meanwhile but for the tensors of the result. */
  passing<R>(use: () => R, kept?: (result: R) => readonly Tensor[]): R;
  /** Keep beyond the frames it was made in. */
  keep(tensor: Tensor): Tensor;
  free(...tensors: readonly Tensor[]): void;
  /** Most bytes of tensors at any one time; what operators use while they run is not counted. */
  mostBytes(): number;
  /** How many tensors there are. */
  count(): number;
  /** Free everything. */
  close(): void;
}

export function openTensors(binding: Binding): Tensors {
  /** Bytes of each tensor. */
  const live = new Map<number, number>();
  const frames: Set<number>[] = [];
  const constants = new Map<string, Tensor>();
  let bytes = 0;
  let most = 0;

  const made = (id: number, shape: readonly number[]): Tensor => {
    const size = 4 * sizeOf(shape);
    live.set(id, size);
    frames.at(-1)?.add(id);
    bytes += size;
    most = Math.max(most, bytes);
    return { id, shape };
  };
  const drop = (id: number): void => {
    const size = live.get(id);
    if (size === undefined) return;
    binding.deleteTensor(id);
    live.delete(id);
    bytes -= size;
  };
  const keep = (tensor: Tensor): Tensor => {
    for (const frame of frames) frame.delete(tensor.id);
    return tensor;
  };
  const constant = (key: string, make: () => number, shape: readonly number[]): Tensor => {
    const known = constants.get(key) ?? keep(made(make(), shape));
    constants.set(key, known);
    return known;
  };
  const ops: Tensors["ops"] = (name, outputs, inputs, ...attributes) =>
    binding
      .executeOp(
        name,
        attributes,
        inputs.map(({ id }) => id),
        outputs,
      )
      .map(({ id, shape }) => made(id, shape));
  function within<R>(use: () => R) {
    const ids = new Set<number>();
    frames.push(ids);
    try {
      return { result: use(), ids };
    } catch (error) {
      ids.forEach(drop);
      throw error;
    } finally {
      frames.pop();
    }
  }

  return {
    ops,
    op: (name, inputs, ...attributes) => ops(name, 1, inputs, ...attributes)[0]!,
    floats: (shape, numbers) => made(binding.createTensor(shape, binding.TF_FLOAT, numbers), shape),
    ints(values) {
      const make = () => binding.createTensor([values.length], binding.TF_INT32, Int32Array.from(values));
      return constant(`ints ${values}`, make, [values.length]);
    },
    int(value) {
      const make = () => binding.createTensor([], binding.TF_INT32, Int32Array.of(value));
      return constant(`int ${value}`, make, []);
    },
    number(value) {
      const make = () => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
      return constant(`number ${value}`, make, []);
    },
    read: ({ id }) => binding.tensorDataSync(id),
    frame(use) {
      const { result, ids } = within(use);
      for (const id of ids) frames.at(-1)?.add(id);
      return { result, free: () => ids.forEach(drop) };
    },
    passing(use, kept = () => []) {
      const { result, ids } = within(use);
      for (const { id } of kept(result)) if (ids.delete(id)) frames.at(-1)?.add(id);
      ids.forEach(drop);
      return result;
    },
    keep,
    free(...tensors) {
      for (const { id } of tensors) drop(id);
    },
    mostBytes: () => most,
    count: () => live.size,
    close() {
      for (const id of [...live.keys()]) drop(id);
      constants.clear();
    },
  };
}
