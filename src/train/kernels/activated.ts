// Reading a tensor that still has an affine map and an activation to come, y = act(u) with u = factor·x + shift by channel,
// and the way back. scripts/build-kernels.mjs makes a copy of this file for each activation: its two functions are
// small and inlined, so that no loop asks which activation it is.
import { back, value } from "./activation/clamp";
import { constants } from "./constants";
import { CHUNK, addChunk } from "./moments";
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
    let c: usize = 0;
    for (; c + 2 * VECTOR <= width; c += 2 * VECTOR) {
      const u0 = madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c));
      const u1 = madd(v128.load(x + c, VECTOR), v128.load(factor + c, VECTOR), v128.load(shift + c, VECTOR));
      const v0 = value(k, least, most, u0);
      const v1 = value(k, least, most, u1);
      v128.store(y + c, v0);
      v128.store(y + c, v1, VECTOR);
    }
    if (c < width) {
      const u = madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c));
      v128.store(y + c, value(k, least, most, u));
    }
    x += width;
    y += width;
  }
}

/**
 * `affineRows` of an image on its way to planes, as `toPlanes` deals them out. x [height, width, channels]; factor, shift
 * [channels]; channels % (4·vectors) = 0.
 */
export function affinePlanes(
  low: f32, high: f32, x: usize, factor: usize, shift: usize, height: i32, width: i32, channels: i32,
  planes: usize, planeSize: usize, offset: usize, pitch: usize, step: usize, vectors: i32,
): void {
  const k = constants();
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const length = <usize>channels << 2;
  for (let row = 0; row < height; row++) {
    let to = planes + offset + <usize>row * pitch;
    let at = 0;
    if (vectors == 2) {
      for (; at < width; at++) {
        let plane = to;
        for (let c: usize = 0; c < length; c += 2 * VECTOR) {
          const u0 = madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c));
          const u1 = madd(v128.load(x + c, VECTOR), v128.load(factor + c, VECTOR), v128.load(shift + c, VECTOR));
          const v0 = value(k, least, most, u0);
          const v1 = value(k, least, most, u1);
          v128.store(plane, v0);
          v128.store(plane, v1, VECTOR);
          plane += planeSize;
        }
        x += length;
        to += step;
      }
      continue;
    }
    for (; at + 2 <= width; at += 2) {
      const next = x + length;
      let plane = to;
      for (let c: usize = 0; c < length; c += VECTOR) {
        const f = v128.load(factor + c);
        const s = v128.load(shift + c);
        v128.store(plane, value(k, least, most, madd(v128.load(x + c), f, s)));
        v128.store(plane + step, value(k, least, most, madd(v128.load(next + c), f, s)));
        plane += planeSize;
      }
      x = next + length;
      to += step << 1;
    }
    if (at < width) {
      for (let c: usize = 0; c < length; c += VECTOR) {
        v128.store(to, value(k, least, most, madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c))));
        to += planeSize;
      }
      x += length;
    }
  }
}

/**
 * dy becomes g = dy·act'(u), and sums[0] += Σ g, sums[1] += Σ g·(x - mean) over the rows.
 * dy, x [rows, channels]; factor, shift, mean [channels]; sums [2, channels] float64, and as many float32 to work with;
 * channels % 4 = 0.
 */
export function chainRows(
  low: f32, high: f32, dy: usize, x: usize, factor: usize, shift: usize, mean: usize, sums: usize,
  rows: i32, channels: i32,
): void {
  const k = constants();
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  const width = <usize>channels << 2;
  const totals = sums + (width << 2);
  for (let first = 0; first < rows; first += CHUNK) {
    const count = min(CHUNK, rows - first);
    let c: usize = 0;
    for (; c + 2 * VECTOR <= width; c += 2 * VECTOR) {
      const f0 = v128.load(factor + c);
      const s0 = v128.load(shift + c);
      const m0 = v128.load(mean + c);
      const f1 = v128.load(factor + c, VECTOR);
      const s1 = v128.load(shift + c, VECTOR);
      const m1 = v128.load(mean + c, VECTOR);
      let total0 = f32x4.splat(0);
      let weighted0 = total0;
      let total1 = total0;
      let weighted1 = total0;
      let from = x + c;
      let to = dy + c;
      for (let row = 0; row < count; row++) {
        const v0 = v128.load(from);
        const v1 = v128.load(from, VECTOR);
        const d0 = v128.load(to);
        const d1 = v128.load(to, VECTOR);
        const g0 = back(k, least, most, madd(v0, f0, s0), d0);
        const g1 = back(k, least, most, madd(v1, f1, s1), d1);
        v128.store(to, g0);
        v128.store(to, g1, VECTOR);
        total0 = f32x4.add(total0, g0);
        total1 = f32x4.add(total1, g1);
        weighted0 = madd(g0, f32x4.sub(v0, m0), weighted0);
        weighted1 = madd(g1, f32x4.sub(v1, m1), weighted1);
        from += width;
        to += width;
      }
      const total = totals + c;
      const weighted = total + width;
      v128.store(total, total0);
      v128.store(total, total1, VECTOR);
      v128.store(weighted, weighted0);
      v128.store(weighted, weighted1, VECTOR);
    }
    for (; c < width; c += VECTOR) {
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
      v128.store(totals + c, total);
      v128.store(totals + width + c, weighted);
    }
    addChunk(sums, width);
    x += width * CHUNK;
    dy += width * CHUNK;
  }
}
