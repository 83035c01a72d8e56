// 1 / (1 + e^-x).
import { ONE } from "../constants";
import { sigmoid } from "../simd";

/** The activation at x. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  return sigmoid(k, x);
}

/** g times the slope at x, s·(1 - s) with s = sigmoid(x). */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const s = sigmoid(k, x);
  return f32x4.mul(g, f32x4.mul(s, f32x4.sub(v128.load32_splat(k, ONE), s)));
}
