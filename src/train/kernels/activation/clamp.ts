// min(max(x, low), high): relu, relu6, and with infinite bounds nothing at all.
import { keep } from "../simd";

/** The activation at x. pmin and pmax give x when x is not a number, so that a training that diverged shows. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** g times the slope at x, which is 0 at the bounds. */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  return keep(v128.and(f32x4.gt(x, low), f32x4.lt(x, high)), g);
}
