// Reading a tensor that still has an affine map and an activation to come, y = act(u) with u = factor·x + shift by channel,
// and the way back. scripts/build-kernels.mjs makes a copy of this file for each activation: its two functions are
// small and inlined, so that no loop asks which activation it is.
import { back, value } from "./activation/clamp";
import { constants } from "./constants";
import { CHUNK, addSums } from "./moments";
import { VECTOR, madd } from "./simd";

/** y = act(u). x, y [rows, channels]; factor, shift [channels]; bounds of the clamp; channels % 4 = 0. */
export function affineRows(
  low: f32, high: f32, x: usize, factor: usize, shift: usize, y: usize, rows: i32, channels: i32,
): void {
  const k = constants();
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < width; c += VECTOR) {
      const u = madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c));
      v128.store(y + c, value(k, least, most, u));
    }
    x += width;
    y += width;
  }
}

/**
 * dy becomes g = dy·act'(u), and sums[0] += Σ g, sums[1] += Σ g·(x - mean) over the rows.
 * dy, x [rows, channels]; factor, shift, mean [channels]; sums [2, channels] float64; channels % 4 = 0.
 */
export function chainRows(
  low: f32, high: f32, dy: usize, x: usize, factor: usize, shift: usize, mean: usize, sums: usize,
  rows: i32, channels: i32,
): void {
  const k = constants();
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const width = <usize>channels << 2;
  for (let first = 0; first < rows; first += CHUNK) {
    const count = min(CHUNK, rows - first);
    for (let c: usize = 0; c < width; c += VECTOR) {
      const f = v128.load(factor + c);
      const s = v128.load(shift + c);
      const m = v128.load(mean + c);
      let total = f32x4.splat(0);
      let weighted = total;
      let at = c;
      for (let row = 0; row < count; row++) {
        const v = v128.load(x + at);
        const g = back(k, least, most, madd(v, f, s), v128.load(dy + at));
        v128.store(dy + at, g);
        total = f32x4.add(total, g);
        weighted = madd(g, f32x4.sub(v, m), weighted);
        at += width;
      }
      addSums(sums + (c << 1), total);
      addSums(sums + ((width + c) << 1), weighted);
    }
    x += width * CHUNK;
    dy += width * CHUNK;
  }
}
