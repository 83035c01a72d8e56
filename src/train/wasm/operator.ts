import type { Kind, OpOf, Shape } from "../../graph/op.js";
import type { Role } from "../../graph/weights.js";
import type { Heap, Take, Tensor } from "./heap.js";
import type { Address } from "./kernels.js";
import type { Source } from "./source.js";
import type { Rows, Value } from "./value.js";

/** Where an operator writes a tensor: any order, but it says of each row once that it is done, while it is in cache. */
export interface Sink {
  /** Of row 0; rows are [stride] of the value the tensor is for. */
  readonly at: Address;
  done(row: number, count: number): void;
}

/** What an operator is applied to. */
export interface Call {
  readonly heap: Heap;
  /** Scratch memory, given back when the operator returns. */
  readonly take: Take;
  readonly batch: number;
  readonly inputs: readonly Value[];
  /** Of one example of the output. */
  readonly shape: Shape;
  /** A weight in the graph's layout, no padding. */
  weight(role: Role): Tensor;
}

export interface Forward extends Call {
  readonly out: Sink;
}

export interface Backward extends Call {
  /** The gradient of the output, and its rows, at most `most` at a time. */
  readonly gradient: Source;
  gradientRows(most: number): Rows;
  /**
   * Where the gradient of an input goes; undefined where nobody asks for it.
   *
   * @param over  that it may lie over the output's, if as large: each row is written when it and those before it were read
   */
  into(input: number, over?: "output"): Sink | undefined;
  /** The gradient of a weight, in the graph's layout, zeros at first. */
  learned(role: Role): Address;
}

/** An operator on the heap: nothing is kept between the two, `backward` computes again what it needs. */
export interface Operator<K extends Kind> {
  forward(op: OpOf<K>, call: Forward): void;
  backward(op: OpOf<K>, call: Backward): void;
}
