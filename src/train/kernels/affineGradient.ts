// The way back through y = act(u), u = factor·x + shift, and through the normalisation behind factor and shift.
import { GELU, HARD_SIGMOID, HARD_SWISH, NONE, RELU, RELU6, SIGMOID, SILU, chain } from "./activation";
import { addSums } from "./moments";
import { VECTOR, madd } from "./simd";

// @ts-ignore: decorator
@inline
function settleWith(
  act: i32, dy: usize, x: usize, factor: usize, shift: usize, slope: usize, dx: usize, rows: i32, channels: i32,
): void {
  const width = <usize>channels << 2;
  const perX = slope + width;
  const constant = perX + width;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < width; c += VECTOR) {
      const value = v128.load(x + c);
      const g = chain(act, madd(value, v128.load(factor + c), v128.load(shift + c)), v128.load(dy + c));
      v128.store(dx + c, madd(g, v128.load(slope + c), madd(value, v128.load(perX + c), v128.load(constant + c))));
    }
    dy += width;
    x += width;
    dx += width;
  }
}

/**
 * dx = slope·g + perX·x + constant, where g = dy·act'(factor·x + shift).
 * dy, x, dx [rows, channels]; factor, shift [channels]; slope [3, channels]: slope, perX, constant; channels % 4 = 0.
 */
export function settleRows(
  act: i32, dy: usize, x: usize, factor: usize, shift: usize, slope: usize, dx: usize, rows: i32, channels: i32,
): void {
  if (act == RELU) settleWith(RELU, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == RELU6) settleWith(RELU6, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == HARD_SWISH) settleWith(HARD_SWISH, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == HARD_SIGMOID) settleWith(HARD_SIGMOID, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == GELU) settleWith(GELU, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == SILU) settleWith(SILU, dy, x, factor, shift, slope, dx, rows, channels);
  else if (act == SIGMOID) settleWith(SIGMOID, dy, x, factor, shift, slope, dx, rows, channels);
  else settleWith(NONE, dy, x, factor, shift, slope, dx, rows, channels);
}

// @ts-ignore: decorator
@inline
function sumsWith(
  act: i32, dy: usize, x: usize, factor: usize, shift: usize, mean: usize, sums: usize, rows: i32, channels: i32,
): void {
  const width = <usize>channels << 2;
  for (let c: usize = 0; c < width; c += VECTOR) {
    const f = v128.load(factor + c);
    const s = v128.load(shift + c);
    const m = v128.load(mean + c);
    let total = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    let at = c;
    for (let row = 0; row < rows; row++) {
      const value = v128.load(x + at);
      const g = chain(act, madd(value, f, s), v128.load(dy + at));
      total = f32x4.add(total, g);
      weighted = madd(g, f32x4.sub(value, m), weighted);
      at += width;
    }
    addSums(sums + (c << 1), total);
    addSums(sums + ((width + c) << 1), weighted);
  }
}

/**
 * sums[0] += Σ g and sums[1] += Σ g·(x - mean) over the rows, where g = dy·act'(factor·x + shift).
 * dy, x [rows, channels], at most some hundred rows a call; sums [2, channels] float64; channels % 4 = 0.
 */
export function gradientSums(
  act: i32, dy: usize, x: usize, factor: usize, shift: usize, mean: usize, sums: usize, rows: i32, channels: i32,
): void {
  if (act == RELU) sumsWith(RELU, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == RELU6) sumsWith(RELU6, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == HARD_SWISH) sumsWith(HARD_SWISH, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == HARD_SIGMOID) sumsWith(HARD_SIGMOID, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == GELU) sumsWith(GELU, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == SILU) sumsWith(SILU, dy, x, factor, shift, mean, sums, rows, channels);
  else if (act == SIGMOID) sumsWith(SIGMOID, dy, x, factor, shift, mean, sums, rows, channels);
  else sumsWith(NONE, dy, x, factor, shift, mean, sums, rows, channels);
}
