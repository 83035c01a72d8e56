import { leastSquares } from "./leastSquares.js";

/** What a network costs, whatever the device. */
export interface Size {
  readonly macs: number;
  readonly params: number;
}

/**
 * The plain fit that a model of a device has to beat: ln ms = a + b ln MACs + c ln params.
 *
 * @returns  milliseconds by size
 */
export function fitSize(rows: readonly (Size & { readonly ms: number })[]): (size: Size) => number {
  const line = ({ macs, params }: Size, [a, b, c]: readonly number[]) =>
    a! + b! * Math.log(macs) + c! * Math.log(params);
  const at = leastSquares((a) => rows.map((row) => line(row, a) - Math.log(row.ms)), [0, 0, 0]);
  return (size) => Math.exp(line(size, at));
}
