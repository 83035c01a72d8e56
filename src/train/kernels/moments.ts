// Sums over rows for batch normalisation: float32 within a call, float64 between calls.
import { VECTOR, madd } from "./simd";

/**
 * Add [2, channels] float32 that lie behind sums [2, channels] float64 to these. Sums of a chunk are written there first, two
 * vectors at a time, as V8 joins what ends in such stores (src/train/wasm/v8.ts).
 */
// @ts-ignore: decorator
@inline
export function addChunk(sums: usize, width: usize): void {
  const end = sums + (width << 2);
  for (let chunk = end; sums < end; chunk += VECTOR, sums += 2 * VECTOR) {
    const four = v128.load(chunk);
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(four)));
    const high = v128.shuffle<f32>(four, four, 2, 3, 0, 1);
    v128.store(sums, f64x2.add(v128.load(sums, VECTOR), f64x2.promote_low_f32x4(high)), VECTOR);
  }
}

/** Rows summed in float32 before their sum goes to float64; few enough that the first level of cache holds a column's lines. */
export const CHUNK = 32;

/**
 * sums[0] += Σ (x - pivot) and sums[1] += Σ (x - pivot)² over the rows. A pivot near the mean, such as any row of x,
 * keeps the digits that x² would lose.
 * x [rows, channels]; pivot [channels]; sums [2, channels] float64, and as many float32 to work with; channels % 4 = 0.
 */
export function moments(x: usize, pivot: usize, sums: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  const totals = sums + (width << 2);
  for (let first = 0; first < rows; first += CHUNK) {
    const count = min(CHUNK, rows - first);
    let c: usize = 0;
    for (; c + 2 * VECTOR <= width; c += 2 * VECTOR) {
      const p0 = v128.load(pivot + c);
      const p1 = v128.load(pivot + c, VECTOR);
      let even0 = f32x4.splat(0);
      let even1 = even0;
      let odd0 = even0;
      let odd1 = even0;
      let evenSquares0 = even0;
      let evenSquares1 = even0;
      let oddSquares0 = even0;
      let oddSquares1 = even0;
      let at = x + c;
      let row = 0;
      for (; row + 2 <= count; row += 2) {
        const next = at + width;
        const d0 = f32x4.sub(v128.load(at), p0);
        const d1 = f32x4.sub(v128.load(at, VECTOR), p1);
        const e0 = f32x4.sub(v128.load(next), p0);
        const e1 = f32x4.sub(v128.load(next, VECTOR), p1);
        even0 = f32x4.add(even0, d0);
        even1 = f32x4.add(even1, d1);
        odd0 = f32x4.add(odd0, e0);
        odd1 = f32x4.add(odd1, e1);
        evenSquares0 = madd(d0, d0, evenSquares0);
        evenSquares1 = madd(d1, d1, evenSquares1);
        oddSquares0 = madd(e0, e0, oddSquares0);
        oddSquares1 = madd(e1, e1, oddSquares1);
        at = next + width;
      }
      if (row < count) {
        const d0 = f32x4.sub(v128.load(at), p0);
        const d1 = f32x4.sub(v128.load(at, VECTOR), p1);
        even0 = f32x4.add(even0, d0);
        even1 = f32x4.add(even1, d1);
        evenSquares0 = madd(d0, d0, evenSquares0);
        evenSquares1 = madd(d1, d1, evenSquares1);
      }
      const to = totals + c;
      const squares = to + width;
      v128.store(to, f32x4.add(even0, odd0));
      v128.store(to, f32x4.add(even1, odd1), VECTOR);
      v128.store(squares, f32x4.add(evenSquares0, oddSquares0));
      v128.store(squares, f32x4.add(evenSquares1, oddSquares1), VECTOR);
    }
    if (c < width) {
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
      v128.store(totals + c, f32x4.add(total, total1));
      v128.store(totals + width + c, f32x4.add(squares, squares1));
    }
    addChunk(sums, width);
    x += width * CHUNK;
  }
}
