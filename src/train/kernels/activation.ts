// The graph's activations and their slopes, four at a time. Callers pass the code as a constant, so only one branch is left.
// pmin and pmax give their first operand when one is not a number, so that a training that diverged shows.
import { bellOf, keep, madd, normalBelow, sigmoid } from "./simd";

export const NONE = 0;
export const RELU = 1;
export const RELU6 = 2;
export const HARD_SWISH = 3;
export const HARD_SIGMOID = 4;
export const GELU = 5;
export const SILU = 6;
export const SIGMOID = 7;

// @ts-ignore: decorator
@inline
function clamp(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(low)), f32x4.splat(high));
}

// @ts-ignore: decorator
@inline
function between(x: v128, low: f32, high: f32): v128 {
  return v128.and(f32x4.gt(x, f32x4.splat(low)), f32x4.lt(x, f32x4.splat(high)));
}

/** Six times the hard sigmoid: relu6(x + 3). */
// @ts-ignore: decorator
@inline
function hard(x: v128): v128 {
  return clamp(f32x4.add(x, f32x4.splat(3)), 0, 6);
}

/** The activation at x. */
// @ts-ignore: decorator
@inline
export function activate(act: i32, x: v128): v128 {
  const sixth = f32x4.splat(1.0 / 6.0);
  if (act == RELU) return f32x4.pmax(x, f32x4.splat(0));
  if (act == RELU6) return clamp(x, 0, 6);
  if (act == HARD_SWISH) return f32x4.mul(f32x4.mul(x, sixth), hard(x));
  if (act == HARD_SIGMOID) return f32x4.mul(hard(x), sixth);
  if (act == GELU) return f32x4.mul(x, normalBelow(x, bellOf(x)));
  if (act == SILU) return f32x4.mul(x, sigmoid(x));
  if (act == SIGMOID) return sigmoid(x);
  return x;
}

/** g times the activation's slope at x; at a corner the slope is the flat side's. */
// @ts-ignore: decorator
@inline
export function chain(act: i32, x: v128, g: v128): v128 {
  const one = f32x4.splat(1);
  const sixth = f32x4.splat(1.0 / 6.0);
  if (act == RELU) return keep(f32x4.gt(x, f32x4.splat(0)), g);
  if (act == RELU6) return keep(between(x, 0, 6), g);
  if (act == HARD_SWISH) {
    const inside = f32x4.mul(madd(x, f32x4.splat(2), f32x4.splat(3)), sixth);
    const right = v128.and(f32x4.ge(x, f32x4.splat(3)), one);
    return f32x4.mul(g, v128.bitselect(inside, right, between(x, -3, 3)));
  }
  if (act == HARD_SIGMOID) return keep(between(x, -3, 3), f32x4.mul(g, sixth));
  if (act == GELU) {
    const bell = bellOf(x);
    const density = f32x4.mul(bell, f32x4.splat(0.398942280401432678));
    return f32x4.mul(g, madd(x, density, normalBelow(x, bell)));
  }
  if (act == SILU) {
    const s = sigmoid(x);
    return f32x4.mul(f32x4.mul(g, s), madd(x, f32x4.sub(one, s), one));
  }
  if (act == SIGMOID) {
    const s = sigmoid(x);
    return f32x4.mul(g, f32x4.mul(s, f32x4.sub(one, s)));
  }
  return g;
}
