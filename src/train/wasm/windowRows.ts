import type { Address, Kernels } from "./kernels.js";

/** Windows of a padded map as rows of a matrix, as the kernels `unfold` and `fold` have them. */
export interface WindowRows {
  /** Of the map, with its border. */
  readonly mapWidth: number;
  readonly mapChannels: number;
  /** Numbers a tap has in a row, zeros behind those of its channels. */
  readonly tap: number;
  /** Taps of the kernel. */
  readonly high: number;
  readonly wide: number;
  readonly step: number;
  readonly dilation: number;
  readonly outWidth: number;
}

/** Some channels of windows `first` to `first + count` of a map to rows, or added back to it. */
export function windowRows(
  way: "unfold" | "fold",
  kernels: Kernels,
  windows: WindowRows,
  [channel, channels]: readonly [first: number, count: number],
  first: number,
  count: number,
  map: Address,
  rows: Address,
): void {
  const { mapWidth, mapChannels, tap, high, wide, step, dilation, outWidth } = windows;
  const [from, to] = way === "unfold" ? [map, rows] : [rows, map];
  kernels[way](
    from,
    mapWidth,
    mapChannels,
    channel,
    channels,
    tap,
    high,
    wide,
    step,
    dilation,
    outWidth,
    first,
    count,
    to,
  );
}
