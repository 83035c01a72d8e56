import { stream } from "../../../src/base/rng.js";
import type { Heap } from "../../../src/train/wasm/heap.js";
import type { Address } from "../../../src/train/wasm/kernels.js";

/** Numbers between -1 and 1. */
export function randoms(count: number, seed = 0): Float32Array {
  const rng = stream(seed, "numbers", count);
  return Float32Array.from({ length: count }, () => 2 * rng.float() - 1);
}

/** Numbers in scratch memory with a wall of NaN before and behind: reading past an end spoils the result. */
export interface Walled {
  readonly at: Address;
  numbers(): Float32Array;
  /** Whether nothing was written past an end. */
  whole(): boolean;
}

export function walled(heap: Heap, take: (count: number) => Address, numbers: Float32Array): Walled {
  const wall = 16;
  const start = take(numbers.length + 2 * wall);
  heap.floats(start, numbers.length + 2 * wall).fill(Number.NaN);
  const at = start + 4 * wall;
  heap.floats(at, numbers.length).set(numbers);
  return {
    at,
    numbers: () => heap.floats(at, numbers.length).slice(),
    whole: () =>
      [start, at + 4 * numbers.length].every((side) => heap.floats(side, wall).every(Number.isNaN)),
  };
}

/** ‖a - b‖ / ‖b‖. */
export const relativeError = (a: Float32Array, b: ArrayLike<number>): number =>
  Math.hypot(...a.map((x, i) => x - b[i]!)) / Math.max(Math.hypot(...Array.from(b)), Number.MIN_VALUE);
