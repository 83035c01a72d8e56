// x·sigmoid(x).
import { ONE } from "../constants";
import { madd, sigmoid } from "../simd";

/** The activation at x. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  return f32x4.mul(x, sigmoid(k, x));
}

/** g times the slope at x, s·(1 + x·(1 - s)) with s = sigmoid(x). */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const one = v128.load32_splat(k, ONE);
  const s = sigmoid(k, x);
  return f32x4.mul(f32x4.mul(g, s), madd(x, f32x4.sub(one, s), one));
}
