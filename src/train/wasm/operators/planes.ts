import type { OpOf, Shape } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call } from "../operator.js";
import { blockRows, eachBlock, type Rows } from "../value.js";
import { zeros } from "./kernelMatrix.js";

/** Bytes of a position in a plane: four float32. */
export const spot = 16;

/** One image dealt out to planes of four channels, [height, width, 4] each with a border of zeros. */
export interface Planes {
  /** Of the first plane, and bytes to the next. */
  readonly at: Address;
  readonly size: number;
  /** Bytes between rows, and from a plane's start to the image's first position. */
  readonly pitch: number;
  readonly origin: number;
  /** Deal out an image from its rows, and show each block of them. */
  load(image: number, rows: Rows, see?: (rows: Address, count: number) => void): void;
}

/** Positions of a border. */
export interface Border {
  readonly before: number;
  readonly after: number;
}

/** Room for the planes of an image, [channels, height, width], with a border above and below, left and right. */
export function planesOf(
  call: Call,
  [, height, width]: Shape,
  groups: number,
  down: Border,
  right: Border,
): Planes {
  const { kernels } = call.heap;
  const pitch = (right.before + width + right.after) * spot;
  const size = oddLines((down.before + height + down.after) * pitch);
  const at = zeros(call, (size * groups) / 4);
  const origin = down.before * pitch + right.before * spot;
  const lines = Math.max(1, Math.floor(blockRows / width));
  return {
    at,
    size,
    pitch,
    origin,
    load(image, rows, see) {
      eachBlock(
        height,
        (line, count) => {
          const from = rows((image * height + line) * width, count * width);
          see?.(from, count * width);
          kernels.toPlanes(from, count, width, 4 * groups, at, size, origin + line * pitch, pitch, spot);
        },
        lines,
      );
    },
  };
}

/** The most rows that `load` asks for at once. */
export const mostLoaded = (width: number): number => Math.max(width, blockRows);

/** Bytes of a plane rounded up to an odd number of cache lines, so that planes do not fall on the same cache sets. */
const oddLines = (bytes: number) => (Math.ceil(bytes / 64) | 1) * 64;

/** A convolution's border of zeros. */
export const paddingOf = ({ kernel, dilation }: OpOf<"conv">): Border => {
  const pad = ((kernel - 1) / 2) * dilation;
  return { before: pad, after: pad };
};
