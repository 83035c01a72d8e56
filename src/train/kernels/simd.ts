// What every kernel is made of: four float32 lanes, and the functions of one variable that WebAssembly lacks.

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
 * e^x within 2 units in the last place; below -87.3 it is 1e-38, above 88.3 it is 2e38.
 * x = n·ln 2 + r, |r| ≤ ln 2 / 2; e^r by a polynomial of degree 7 (Cephes' coefficients for expf).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87.3)), f32x4.splat(88.3));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504088896341)));
  let r = madd(n, f32x4.splat(-0.693359375), bounded);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp(f32x4.neg(x))));
}

/**
 * Φ(x), the normal distribution function, absolute error below 1e-7, with `bell` = e^(-x²/2).
 * Abramowitz and Stegun 7.1.26 for erfc(|x| / √2) / 2, so that the negative tail does not cancel.
 */
// @ts-ignore: decorator
@inline
export function normalBelow(x: v128, bell: v128): v128 {
  const t = f32x4.div(f32x4.splat(1), madd(f32x4.abs(x), f32x4.splat(0.3275911 * 0.70710678118654752), f32x4.splat(1)));
  let p = f32x4.splat(0.5 * 1.061405429);
  p = madd(p, t, f32x4.splat(0.5 * -1.453152027));
  p = madd(p, t, f32x4.splat(0.5 * 1.421413741));
  p = madd(p, t, f32x4.splat(0.5 * -0.284496736));
  p = madd(p, t, f32x4.splat(0.5 * 0.254829592));
  const tail = f32x4.mul(f32x4.mul(p, t), bell);
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** e^(-x²/2). */
// @ts-ignore: decorator
@inline
export function bellOf(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}
