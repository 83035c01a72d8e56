import type { Point } from "./pareto.js";

/**
 * The knee of a front of two objectives to be made small: the point farthest below
 * the line between the front's ends, each objective as a share of its range; where
 * none is below, the first.
 *
 * @returns its index
 * @throws RangeError  when there are no points
 *
 * Source: Das 1999, On characterizing the "knee" of the Pareto curve.
 */
export function knee(front: readonly Point[]): number {
  if (front.length === 0) throw new RangeError("there is no knee of no points");
  const scaled = [0, 1].map((axis) => {
    const values = front.map((point) => point[axis]!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return values.map((value) => (high > low ? (value - low) / (high - low) : 0));
  });
  const [x, y] = [scaled[0]!, scaled[1]!];
  // Scaled, the ends are (0, 1) and (1, 0): x + y = 1 is the line, and x + y how far from the corner.
  const sums = x.map((value, i) => value + y[i]!);
  return sums.indexOf(Math.min(...sums));
}
