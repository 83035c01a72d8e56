// What every kernel is made of: four float32 lanes, and the functions of one variable that WebAssembly lacks.
import { EXP, EXP_HIGH, EXP_LOW, LN_2_HIGH, LN_2_LOW, LOG2_E, ONE } from "./constants";

/** Bytes of a vector of four float32. */
export const VECTOR: usize = 16;

/** a·b + c; rounded once where the module is built with relaxed SIMD, twice where not. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** Lane by lane `whenTrue` where the mask is all ones, else 0. */
// @ts-ignore: decorator
@inline
export function keep(mask: v128, whenTrue: v128): v128 {
  return v128.and(mask, whenTrue);
}

/** The sum of the four lanes, pairs first. */
// @ts-ignore: decorator
@inline
export function sumLanes(a: v128): f32 {
  return (
    f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3))
  );
}

/** The largest of the four lanes. */
// @ts-ignore: decorator
@inline
export function maxLane(a: v128): f32 {
  return max(
    max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)),
    max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)),
  );
}

/** All ones in the first `count` lanes (0 to 4), zeros in the others. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/**
 * e^x within 2 units in the last place; below -60 it is 0 and above 60 it is e^60, so that no product of it with a number
 * of training is subnormal, which x86 is a hundred times slower at.
 * x = n·ln 2 + r, |r| ≤ ln 2 / 2; e^r by a polynomial of degree 7.
 */
// @ts-ignore: decorator
@inline
export function exp(k: usize, x: v128): v128 {
  const bounded = f32x4.pmin(x, v128.load32_splat(k, EXP_HIGH));
  const n = f32x4.nearest(f32x4.mul(bounded, v128.load32_splat(k, LOG2_E)));
  let r = madd(n, v128.load32_splat(k, LN_2_HIGH), bounded);
  r = madd(n, v128.load32_splat(k, LN_2_LOW), r);
  let p = v128.load32_splat(k, EXP + 20);
  p = madd(p, r, v128.load32_splat(k, EXP + 16));
  p = madd(p, r, v128.load32_splat(k, EXP + 12));
  p = madd(p, r, v128.load32_splat(k, EXP + 8));
  p = madd(p, r, v128.load32_splat(k, EXP + 4));
  p = madd(p, r, v128.load32_splat(k, EXP));
  const one = v128.load32_splat(k, ONE);
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, one));
  // The bits of 1 are those of 2^0, so n more in the exponent makes 2^n.
  const whole = f32x4.mul(p, i32x4.add(i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23), one));
  return v128.andnot(whole, f32x4.lt(x, v128.load32_splat(k, EXP_LOW)));
}

/** 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoid(k: usize, x: v128): v128 {
  const one = v128.load32_splat(k, ONE);
  return f32x4.div(one, f32x4.add(one, exp(k, f32x4.neg(x))));
}
