import type { Activation, Shape } from "../../graph/op.js";
import type { Heap, Take, Tensor } from "./heap.js";
import type { Address } from "./kernels.js";

/** Channels as they lie in memory: filled up to a multiple of four, which is one vector. */
export const padded = (channels: number): number => Math.ceil(channels / 4) * 4;

/** Rows that kernels work on at a time, so that what one wrote the next finds in cache. */
export const blockRows = 192;

/**
 * What a unit of the network computed for a batch, and what is left for its readers to do:
 * normalise and activate as they read, so that only one tensor is kept for three operators.
 */
export interface Value {
  /** Of one example. */
  readonly shape: Shape;
  /** Rows are positions of all examples. */
  readonly rows: number;
  /** Channels of a row in memory; those past the shape's are padding, and finite. */
  readonly stride: number;
  /** [batch, height, width, stride]. */
  readonly stored: Tensor;
  /** The value is act(factor · stored + shift). */
  readonly pending?: Pending;
}

/** An affine map by channel and an activation, yet to be applied. */
export interface Pending {
  /** [stride]. */
  readonly factor: Address;
  /** [stride]. */
  readonly shift: Address;
  readonly act: Activation | "none";
}

/** Where `count` rows from `row` on can be read; good until the next call. */
export type Rows = (row: number, count: number) => Address;

/** A value's rows with nothing left to do, at most `most` at a time. */
export function rowsOf(heap: Heap, value: Value, most: number, take: Take): Rows {
  const { stored, pending, stride } = value;
  const base = stored.at;
  if (pending === undefined) return (row) => base + 4 * stride * row;
  const { factor, shift } = pending;
  const { affineRows } = heap.activated[pending.act];
  const block = take(most * stride);
  return (row, count) => {
    affineRows(base + 4 * stride * row, factor, shift, block, count, stride);
    return block;
  };
}

/** Call with each block of rows, first to last. */
export function eachBlock(rows: number, visit: (row: number, count: number) => void, most = blockRows): void {
  for (let row = 0; row < rows; row += most) visit(row, Math.min(most, rows - row));
}
