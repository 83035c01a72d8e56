import type { OpOf, Shape } from "../../../graph/op.js";

/** Taps of a kernel that meet the image somewhere: a rectangle round its middle. The others see padding only. */
export interface LiveTaps {
  readonly high: number;
  readonly wide: number;
  /** Their numbers in the kernel, rows first. */
  readonly taps: readonly number[];
}

/** The taps of a convolution that count on images of a shape: on small maps, or with wide dilation, not all of them. */
export function liveTaps({ kernel, dilation }: OpOf<"conv">, [, height, width]: Shape): LiveTaps {
  const middle = (kernel - 1) / 2;
  const reach = (length: number) => Math.min(middle, Math.floor((length - 1) / dilation));
  const [down, right] = [reach(height), reach(width)];
  const round = (far: number) => Array.from({ length: 2 * far + 1 }, (_, i) => middle - far + i);
  return {
    high: 2 * down + 1,
    wide: 2 * right + 1,
    taps: round(down).flatMap((y) => round(right).map((x) => y * kernel + x)),
  };
}
