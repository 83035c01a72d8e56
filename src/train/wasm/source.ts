import type { Heap, Take } from "./heap.js";
import type { Address } from "./kernels.js";
import type { PlaneVectors } from "./microKernels.js";
import { type Rows, rowsOf, type Value } from "./value.js";

/** Where an image is dealt out to planes of four or eight channels, [height, width, 4·vectors] each. */
export interface Room {
  readonly vectors: PlaneVectors;
  /** Of the first plane, and bytes to the next. */
  readonly at: Address;
  readonly size: number;
  /** Bytes between rows, and from a plane's start to the image's first position. */
  readonly pitch: number;
  readonly origin: number;
}

/** Bytes of a position in a plane. */
export const spotOf = ({ vectors }: Pick<Room, "vectors">): number => 16 * vectors;

/** Numbers of a batch with nothing left to do, in the layout their reader wants. */
export interface Source {
  /** At most `most` rows at a time. */
  rows(most: number, take: Take): Rows;
  /** An image of `height` by `width` rows, the first of them `row`, to planes. */
  deal(row: number, height: number, width: number, room: Room): void;
}

/** A value as a source. */
export function sourceOf(heap: Heap, value: Value): Source {
  const { stored, pending, stride } = value;
  const base = stored.at;
  return {
    rows: (most, take) => rowsOf(heap, value, most, take),
    deal(row, height, width, room) {
      const { at, size, origin, pitch, vectors } = room;
      const from = base + 4 * stride * row;
      if (pending === undefined) {
        heap.kernels.toPlanes(from, height, width, stride, at, size, origin, pitch, spotOf(room), vectors);
        return;
      }
      const { factor, shift, act } = pending;
      const { affinePlanes } = heap.activated[act];
      affinePlanes(
        from,
        factor,
        shift,
        height,
        width,
        stride,
        at,
        size,
        origin,
        pitch,
        spotOf(room),
        vectors,
      );
    },
  };
}
