import type { Point } from "./pareto.js";

const least = (values: readonly number[]): number => Math.min(...values);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** For each target the least distance from any point. */
const nearest = (
  points: readonly Point[],
  targets: readonly Point[],
  distance: (point: Point, target: Point) => number,
): number[] => {
  if (points.length === 0 || targets.length === 0)
    throw new RangeError("an indicator needs points on both sides");
  return targets.map((target) => least(points.map((point) => distance(point, target))));
};

/**
 * Inverted generational distance: how far, on average, the true front is from the points.
 * Objectives are to be made small and should be of one scale.
 *
 * Source: Coello Coello & Reyes Sierra 2004.
 */
export const igd = (points: readonly Point[], front: readonly Point[]): number =>
  mean(nearest(points, front, (a, z) => Math.hypot(...a.map((value, i) => value - z[i]!))));

/**
 * IGD+, where being better than the target in an objective is no distance; unlike IGD
 * it never calls a dominating set worse.
 *
 * Source: Ishibuchi et al. 2015, Modified distance calculation in GD and IGD.
 */
export const igdPlus = (points: readonly Point[], front: readonly Point[]): number =>
  mean(nearest(points, front, (a, z) => Math.hypot(...a.map((value, i) => Math.max(0, value - z[i]!)))));

/**
 * Additive epsilon: the least amount by which all points must be moved to dominate the front.
 *
 * Source: Zitzler et al. 2003, Performance assessment of multiobjective optimizers.
 */
export const epsilonAdd = (points: readonly Point[], front: readonly Point[]): number =>
  Math.max(...nearest(points, front, (a, z) => Math.max(...a.map((value, i) => value - z[i]!))));

/** Multiplicative epsilon: the least factor; objectives above 0. */
export const epsilonTimes = (points: readonly Point[], front: readonly Point[]): number =>
  Math.max(...nearest(points, front, (a, z) => Math.max(...a.map((value, i) => value / z[i]!))));
