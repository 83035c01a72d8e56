// x·Φ(x), Φ the normal distribution function.
import { BELL_HEIGHT } from "../constants";
import { bellOf, madd, normalBelow } from "../simd";

/** The activation at x. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  return f32x4.mul(x, normalBelow(k, x, bellOf(k, x)));
}

/** g times the slope at x, Φ(x) + x·Φ'(x). */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const bell = bellOf(k, x);
  const density = f32x4.mul(bell, v128.load(k, BELL_HEIGHT));
  return f32x4.mul(g, madd(x, density, normalBelow(k, x, bell)));
}
