// The way back through batch normalisation, when the sums over all rows are known.
import { VECTOR, madd } from "./simd";

/**
 * dx = slope·g + perX·x + constant. g, x, dx [rows, channels]; slope [3, channels]: slope, perX, constant;
 * channels % 4 = 0. Two rows at a time share what they load.
 */
export function settleRows(g: usize, x: usize, slope: usize, dx: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  const perX = slope + width;
  const constant = perX + width;
  let row = 0;
  for (; row + 2 <= rows; row += 2) {
    for (let c: usize = 0; c < width; c += VECTOR) {
      const s = v128.load(slope + c);
      const p = v128.load(perX + c);
      const o = v128.load(constant + c);
      v128.store(dx + c, madd(v128.load(g + c), s, madd(v128.load(x + c), p, o)));
      const next = c + width;
      v128.store(dx + next, madd(v128.load(g + next), s, madd(v128.load(x + next), p, o)));
    }
    g += width << 1;
    x += width << 1;
    dx += width << 1;
  }
  if (row < rows) {
    for (let c: usize = 0; c < width; c += VECTOR) {
      const along = madd(v128.load(x + c), v128.load(perX + c), v128.load(constant + c));
      v128.store(dx + c, madd(v128.load(g + c), v128.load(slope + c), along));
    }
  }
}
