import type { OpOf, Shape } from "../../../graph/op.js";
import type { PlaneVectors } from "../microKernels.js";
import type { Call } from "../operator.js";
import { type Room, spotOf } from "../source.js";
import { padded } from "../value.js";
import { zeros } from "./kernelMatrix.js";

/** Positions of a border. */
export interface Border {
  readonly before: number;
  readonly after: number;
}

/** Room for the planes of an image, [channels, height, width], with a border of zeros above and below, left and right. */
export function planesOf(
  call: Call,
  [channels, height, width]: Shape,
  vectors: PlaneVectors,
  down: Border,
  right: Border,
): Room {
  const spot = spotOf({ vectors });
  const pitch = (right.before + width + right.after) * spot;
  const size = oddLines((down.before + height + down.after) * pitch);
  const at = zeros(call, (size * padded(channels)) / spot);
  return { vectors, at, size, pitch, origin: down.before * pitch + right.before * spot };
}

/** Bytes of a plane rounded up to an odd number of cache lines, so that planes do not fall on the same cache sets. */
export const oddLines = (bytes: number) => (Math.ceil(bytes / 64) | 1) * 64;

/** A convolution's border of zeros. */
export const paddingOf = ({ kernel, dilation }: OpOf<"conv">): Border => {
  const pad = ((kernel - 1) / 2) * dilation;
  return { before: pad, after: pad };
};
