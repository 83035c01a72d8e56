import { nondominated, type Point } from "./pareto.js";

/**
 * The volume that points dominate up to a reference, exactly; every objective is
 * to be made small.
 *
 * @param reference  as many numbers as each point has, 2 or 3. A point that is not
 *   below it in every objective is left out, so it adds nothing and hides nothing.
 * @throws RangeError  for another number of objectives, or where one is not a number
 *
 * Numbers compare only with the same reference; so it is fixed with the benchmark or run.
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const axes = reference.length;
  if (axes !== 2 && axes !== 3) throw new RangeError(`hypervolume of ${axes} objectives; it is for 2 and 3`);
  if ([reference, ...points].some((p) => p.length !== axes || p.some(Number.isNaN)))
    throw new RangeError(`hypervolume needs ${axes} numbers of every point`);
  const inside = points.filter((p) => p.every((value, i) => value < reference[i]!));
  return axes === 2 ? area(inside, reference) : volume(inside, reference);
}

/** Under the staircase of points, from left to right. */
function area(points: readonly Point[], [right, top]: Point): number {
  let lowest = top!;
  let sum = 0;
  for (const [x, y] of [...points].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)) {
    if (y! >= lowest) continue;
    sum += (right! - x!) * (lowest - y!);
    lowest = y!;
  }
  return sum;
}

/** Slices along the third objective, each the area of the points that reach into it. */
function volume(points: readonly Point[], reference: Point): number {
  const byDepth = [...points].sort((a, b) => a[2]! - b[2]!);
  let sum = 0;
  let front: readonly Point[] = [];
  for (const [i, point] of byDepth.entries()) {
    front = nondominated([...front, point.slice(0, 2)]);
    const until = byDepth[i + 1]?.[2] ?? reference[2]!;
    sum += (until - point[2]!) * area(front, reference);
  }
  return sum;
}
