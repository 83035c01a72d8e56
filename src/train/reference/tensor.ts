import type { Shape } from "../../graph/op.js";
import { sizeOf } from "../../graph/weights.js";

/** Feature maps of some examples. */
export interface Tensor {
  readonly count: number;
  /** [channels, height, width] of one example. */
  readonly shape: Shape;
  /** [count, height, width, channels], rows first. */
  readonly data: Float64Array;
}

export const zeros = (count: number, shape: Shape): Tensor => ({
  count,
  shape,
  data: new Float64Array(count * sizeOf(shape)),
});

/** A tensor of one shape with another, number by number: f(number, where it stands). */
export const map = ({ count, shape, data }: Tensor, f: (value: number, at: number) => number): Tensor => ({
  count,
  shape,
  data: data.map(f),
});

/** Positions of all examples together; each has `shape[0]` channels. */
export const positions = ({ count, shape: [, h, w] }: Tensor): number => count * h * w;
