// x·relu6(x + 3) / 6.
import { MINUS_THREE, ONE, SIXTH, THREE, TWO } from "../constants";
import { keep, madd } from "../simd";

/** The activation at x. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  const three = v128.load32_splat(k, THREE);
  const clamped = f32x4.pmin(f32x4.pmax(x, v128.load32_splat(k, MINUS_THREE)), three);
  return f32x4.mul(f32x4.mul(x, v128.load32_splat(k, SIXTH)), f32x4.add(clamped, three));
}

/** g times the slope at x, (2x + 3) / 6 between the corners. */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const three = v128.load32_splat(k, THREE);
  const bent = f32x4.mul(madd(x, v128.load32_splat(k, TWO), three), v128.load32_splat(k, SIXTH));
  const straight = keep(f32x4.ge(x, three), v128.load32_splat(k, ONE));
  return f32x4.mul(g, v128.bitselect(bent, straight, f32x4.lt(f32x4.abs(x), three)));
}
