import type { Point } from "./pareto.js";

/**
 * The knee of a front of objectives to be made small: the point farthest below the
 * line (or plane) between the front's ends, each objective as a share of its range;
 * where none is below, the first.
 *
 * @returns its index
 * @throws RangeError  when there are no points
 *
 * Source: Das 1999, On characterizing the "knee" of the Pareto curve.
 */
export function knee(front: readonly Point[]): number {
  if (front.length === 0) throw new RangeError("there is no knee of no points");
  // Scaled, the ends have one objective at 1 and the others at 0; so the sum says how far below a point is.
  const sums = front.map(() => 0);
  for (const axis of front[0]!.keys()) {
    const values = front.map((point) => point[axis]!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (high > low) for (const [i, value] of values.entries()) sums[i]! += (value - low) / (high - low);
  }
  return sums.indexOf(Math.min(...sums));
}
