// Sums over rows for batch normalisation: float32 within a call, float64 between calls.
import { VECTOR, madd } from "./simd";

/** Add four float32 to four float64 in memory. */
// @ts-ignore: decorator
@inline
export function addSums(to: usize, sums: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(sums)));
  const high = v128.shuffle<f32>(sums, sums, 2, 3, 0, 1);
  v128.store(to, f64x2.add(v128.load(to, VECTOR), f64x2.promote_low_f32x4(high)), VECTOR);
}

/** Rows summed in float32 before their sum goes to float64; few enough that the first level of cache holds a column's lines. */
export const CHUNK = 32;

/**
 * sums[0] += Σ (x - pivot) and sums[1] += Σ (x - pivot)² over the rows. A pivot near the mean, such as any row of x,
 * keeps the digits that x² would lose.
 * x [rows, channels]; pivot [channels]; sums [2, channels] float64; channels % 4 = 0.
 */
export function moments(x: usize, pivot: usize, sums: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let first = 0; first < rows; first += CHUNK) {
    const count = min(CHUNK, rows - first);
    for (let c: usize = 0; c < width; c += VECTOR) {
      const p = v128.load(pivot + c);
      let total = f32x4.splat(0);
      let squares = total;
      let total1 = total;
      let squares1 = total;
      let at = x + c;
      let row = 0;
      for (; row + 2 <= count; row += 2) {
        const d = f32x4.sub(v128.load(at), p);
        const e = f32x4.sub(v128.load(at + width), p);
        total = f32x4.add(total, d);
        total1 = f32x4.add(total1, e);
        squares = madd(d, d, squares);
        squares1 = madd(e, e, squares1);
        at += width << 1;
      }
      if (row < count) {
        const d = f32x4.sub(v128.load(at), p);
        total = f32x4.add(total, d);
        squares = madd(d, d, squares);
      }
      addSums(sums + (c << 1), f32x4.add(total, total1));
      addSums(sums + ((width + c) << 1), f32x4.add(squares, squares1));
    }
    x += width * CHUNK;
  }
}
