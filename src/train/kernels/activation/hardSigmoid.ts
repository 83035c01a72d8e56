// relu6(x + 3) / 6.
import { MINUS_THREE, SIXTH, THREE } from "../constants";
import { keep } from "../simd";

/** The activation at x. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  const three = v128.load32_splat(k, THREE);
  const clamped = f32x4.pmin(f32x4.pmax(x, v128.load32_splat(k, MINUS_THREE)), three);
  return f32x4.mul(f32x4.add(clamped, three), v128.load32_splat(k, SIXTH));
}

/** g times the slope at x, which is 0 at the corners. */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const inside = f32x4.lt(f32x4.abs(x), v128.load32_splat(k, THREE));
  return keep(inside, f32x4.mul(g, v128.load32_splat(k, SIXTH)));
}
