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
  const near = within(x, v128.load(k, GELU_REACH));
  const t = f32x4.mul(near, near);
  let over = madd(v128.load(k, GELU_OVER + 96), t, v128.load(k, GELU_OVER + 80));
  over = madd(over, t, v128.load(k, GELU_OVER + 64));
  over = madd(over, t, v128.load(k, GELU_OVER + 48));
  over = madd(over, t, v128.load(k, GELU_OVER + 32));
  over = madd(over, t, v128.load(k, GELU_OVER + 16));
  over = madd(over, t, v128.load(k, GELU_OVER));
  let under = madd(v128.load(k, GELU_UNDER + 64), t, v128.load(k, GELU_UNDER + 48));
  under = madd(under, t, v128.load(k, GELU_UNDER + 32));
  under = madd(under, t, v128.load(k, GELU_UNDER + 16));
  under = madd(under, t, v128.load(k, GELU_UNDER));
  const below = f32x4.add(f32x4.div(f32x4.mul(near, over), under), v128.load(k, HALF));
  return f32x4.mul(x, below);
}

/** g times the slope at x, Φ(x) + x·Φ'(x); the slope is off by less than 5e-7. */
// @ts-ignore: decorator
@inline
export function back(k: usize, low: v128, high: v128, x: v128, g: v128): v128 {
  const near = within(x, v128.load(k, GELU_SLOPE_REACH));
  const t = f32x4.mul(near, near);
  let over = madd(v128.load(k, GELU_SLOPE_OVER + 96), t, v128.load(k, GELU_SLOPE_OVER + 80));
  over = madd(over, t, v128.load(k, GELU_SLOPE_OVER + 64));
  over = madd(over, t, v128.load(k, GELU_SLOPE_OVER + 48));
  over = madd(over, t, v128.load(k, GELU_SLOPE_OVER + 32));
  over = madd(over, t, v128.load(k, GELU_SLOPE_OVER + 16));
  over = madd(over, t, v128.load(k, GELU_SLOPE_OVER));
  let under = madd(v128.load(k, GELU_SLOPE_UNDER + 80), t, v128.load(k, GELU_SLOPE_UNDER + 64));
  under = madd(under, t, v128.load(k, GELU_SLOPE_UNDER + 48));
  under = madd(under, t, v128.load(k, GELU_SLOPE_UNDER + 32));
  under = madd(under, t, v128.load(k, GELU_SLOPE_UNDER + 16));
  under = madd(under, t, v128.load(k, GELU_SLOPE_UNDER));
  const slope = f32x4.add(f32x4.div(f32x4.mul(near, over), under), v128.load(k, HALF));
  return f32x4.mul(g, slope);
}
