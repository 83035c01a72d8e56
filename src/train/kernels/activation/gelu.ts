// x·Φ(x), Φ the normal distribution function. Φ(x) - ½ and the slope less ½ are odd and flat beyond |x| = 5.2 and 5.8:
// x times a quotient of polynomials in x², fitted for the least largest error, needs neither exponential nor erf.
import {
  GELU_OVER, GELU_REACH, GELU_SLOPE_OVER, GELU_SLOPE_REACH, GELU_SLOPE_UNDER, GELU_UNDER, HALF,
} from "../constants";
import { madd } from "../simd";

// @ts-ignore: decorator
@inline
function within(x: v128, reach: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.neg(reach)), reach);
}

/** The activation at x; Φ is off by less than 3e-7. The bounds are not looked at. */
// @ts-ignore: decorator
@inline
export function value(k: usize, low: v128, high: v128, x: v128): v128 {
  const near = within(x, v128.load32_splat(k, GELU_REACH));
  const t = f32x4.mul(near, near);
  let over = madd(v128.load32_splat(k, GELU_OVER + 24), t, v128.load32_splat(k, GELU_OVER + 20));
  over = madd(over, t, v128.load32_splat(k, GELU_OVER + 16));
  over = madd(over, t, v128.load32_splat(k, GELU_OVER + 12));
  over = madd(over, t, v128.load32_splat(k, GELU_OVER + 8));
  over = madd(over, t, v128.load32_splat(k, GELU_OVER + 4));
  over = madd(over, t, v128.load32_splat(k, GELU_OVER));
  let under = madd(v128.load32_splat(k, GELU_UNDER + 16), t, v128.load32_splat(k, GELU_UNDER + 12));
  under = madd(under, t, v128.load32_splat(k, GELU_UNDER + 8));
  under = madd(under, t, v128.load32_splat(k, GELU_UNDER + 4));
  under = madd(under, t, v128.load32_splat(k, GELU_UNDER));
  const below = f32x4.add(f32x4.div(f32x4.mul(near, over), under), v128.load32_splat(k, HALF));
  return f32x4.mul(x, below);
}

/** g times the slope at x, Φ(x) + x·Φ'(x); the slope is off by less than 5e-7. */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const near = within(x, v128.load32_splat(k, GELU_SLOPE_REACH));
  const t = f32x4.mul(near, near);
  let over = madd(v128.load32_splat(k, GELU_SLOPE_OVER + 24), t, v128.load32_splat(k, GELU_SLOPE_OVER + 20));
  over = madd(over, t, v128.load32_splat(k, GELU_SLOPE_OVER + 16));
  over = madd(over, t, v128.load32_splat(k, GELU_SLOPE_OVER + 12));
  over = madd(over, t, v128.load32_splat(k, GELU_SLOPE_OVER + 8));
  over = madd(over, t, v128.load32_splat(k, GELU_SLOPE_OVER + 4));
  over = madd(over, t, v128.load32_splat(k, GELU_SLOPE_OVER));
  let under = madd(v128.load32_splat(k, GELU_SLOPE_UNDER + 20), t, v128.load32_splat(k, GELU_SLOPE_UNDER + 16));
  under = madd(under, t, v128.load32_splat(k, GELU_SLOPE_UNDER + 12));
  under = madd(under, t, v128.load32_splat(k, GELU_SLOPE_UNDER + 8));
  under = madd(under, t, v128.load32_splat(k, GELU_SLOPE_UNDER + 4));
  under = madd(under, t, v128.load32_splat(k, GELU_SLOPE_UNDER));
  const slope = f32x4.add(f32x4.div(f32x4.mul(near, over), under), v128.load32_splat(k, HALF));
  return f32x4.mul(g, slope);
}
