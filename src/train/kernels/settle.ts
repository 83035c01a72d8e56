// The way back through batch normalisation, when the sums over all rows are known.
import { VECTOR, madd } from "./simd";

/**
 * dx = slope·g + perX·x + constant. g, x, dx [rows, channels]; slope [3, channels]: slope, perX, constant;
 * channels % 4 = 0. Two vectors at a time, which V8 may join (src/train/wasm/v8.ts).
 */
export function settleRows(g: usize, x: usize, slope: usize, dx: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  const perX = slope + width;
  const constant = perX + width;
  for (let row = 0; row < rows; row++) {
    let c: usize = 0;
    for (; c + 2 * VECTOR <= width; c += 2 * VECTOR) {
      const at = x + c;
      const s = slope + c;
      const from = g + c;
      const p = perX + c;
      const o = constant + c;
      const low = madd(v128.load(from), v128.load(s), madd(v128.load(at), v128.load(p), v128.load(o)));
      const high = madd(
        v128.load(from, VECTOR), v128.load(s, VECTOR),
        madd(v128.load(at, VECTOR), v128.load(p, VECTOR), v128.load(o, VECTOR)),
      );
      v128.store(dx + c, low);
      v128.store(dx + c, high, VECTOR);
    }
    if (c < width) {
      const along = madd(v128.load(x + c), v128.load(perX + c), v128.load(constant + c));
      v128.store(dx + c, madd(v128.load(g + c), v128.load(slope + c), along));
    }
    g += width;
    x += width;
    dx += width;
  }
}

/** `settleRows` of an image on its way to planes, as `toPlanes` deals them out. g, x [height, width, channels]. */
export function settlePlanes(
  g: usize, x: usize, slope: usize, height: i32, width: i32, channels: i32,
  planes: usize, planeSize: usize, offset: usize, pitch: usize, step: usize, vectors: i32,
): void {
  const length = <usize>channels << 2;
  const perX = slope + length;
  const constant = perX + length;
  for (let row = 0; row < height; row++) {
    let to = planes + offset + <usize>row * pitch;
    let at = 0;
    if (vectors == 2) {
      for (; at < width; at++) {
        let plane = to;
        for (let c: usize = 0; c < length; c += 2 * VECTOR) {
          const s = slope + c;
          const p = perX + c;
          const o = constant + c;
          const low = madd(v128.load(g + c), v128.load(s), madd(v128.load(x + c), v128.load(p), v128.load(o)));
          const high = madd(
            v128.load(g + c, VECTOR), v128.load(s, VECTOR),
            madd(v128.load(x + c, VECTOR), v128.load(p, VECTOR), v128.load(o, VECTOR)),
          );
          v128.store(plane, low);
          v128.store(plane, high, VECTOR);
          plane += planeSize;
        }
        g += length;
        x += length;
        to += step;
      }
      continue;
    }
    for (; at + 2 <= width; at += 2) {
      let plane = to;
      for (let c: usize = 0; c < length; c += VECTOR) {
        const s = v128.load(slope + c);
        const p = v128.load(perX + c);
        const o = v128.load(constant + c);
        const next = c + length;
        v128.store(plane, madd(v128.load(g + c), s, madd(v128.load(x + c), p, o)));
        v128.store(plane + step, madd(v128.load(g + next), s, madd(v128.load(x + next), p, o)));
        plane += planeSize;
      }
      g += length << 1;
      x += length << 1;
      to += step << 1;
    }
    if (at < width) {
      for (let c: usize = 0; c < length; c += VECTOR) {
        const along = madd(v128.load(x + c), v128.load(perX + c), v128.load(constant + c));
        v128.store(to, madd(v128.load(g + c), v128.load(slope + c), along));
        to += planeSize;
      }
      g += length;
      x += length;
    }
  }
}
