/** A vector of objectives, each to be made small. */
export type Point = readonly number[];

/** Whether a is nowhere worse than b and somewhere better. */
export const dominates = (a: Point, b: Point): boolean =>
  a.every((value, i) => value <= b[i]!) && a.some((value, i) => value < b[i]!);

/** The points that no other dominates; of equal ones the first. */
export const nondominated = (points: readonly Point[]): readonly Point[] =>
  points.filter(
    (p, i) =>
      !points.some((q, j) => dominates(q, p) || (j < i && q.every((value, axis) => value === p[axis]))),
  );

/**
 * Indices in fronts: the first is beaten by none, the next only by the first, and so on.
 *
 * @param beats  a strict partial order, such as dominance
 *
 * Source: Deb et al. 2002, NSGA-II, §III-A.
 */
export function fronts<T>(
  items: readonly T[],
  beats: (a: T, b: T) => boolean,
): readonly (readonly number[])[] {
  const beaten = items.map((a) => [...items.keys()].filter((j) => beats(a, items[j]!)));
  const beatenBy = items.map(() => 0);
  for (const j of beaten.flat()) beatenBy[j]!++;
  const found: number[][] = [];
  let front = [...items.keys()].filter((i) => beatenBy[i] === 0);
  while (front.length > 0) {
    found.push(front);
    front = front.flatMap((i) => beaten[i]!.filter((j) => --beatenBy[j]! === 0)).sort((a, b) => a - b);
  }
  return found;
}

/**
 * Crowding distance of each point among its front: over the objectives, the gap
 * between its two neighbours as a share of the front's range; infinite at the ends.
 * An objective without range adds nothing.
 *
 * Source: Deb et al. 2002, NSGA-II, §III-B.
 */
export function crowding(points: readonly Point[]): readonly number[] {
  const distance = points.map(() => 0);
  for (const axis of (points[0] ?? []).keys()) {
    const order = [...points.keys()].sort((a, b) => points[a]![axis]! - points[b]![axis]!);
    const at = (rank: number) => points[order[rank]!]![axis]!;
    const range = at(order.length - 1) - at(0);
    if (!(range > 0)) continue;
    for (const [rank, i] of order.entries())
      distance[i]! +=
        rank === 0 || rank === order.length - 1
          ? Number.POSITIVE_INFINITY
          : (at(rank + 1) - at(rank - 1)) / range;
  }
  return distance;
}
