// Matrix products over tiles that fit in registers. Every sum runs over its index in order, whatever the tile.
import { product1x4, product1x8, product4x4, product4x8, transposed4x4, transposed4x8 } from "./tiles";

/** Columns of a whole panel; what is left over makes a panel of four. */
const PANEL = 8;

/**
 * Copy B into panels: of 8 columns each, and one of 4 where columns % 8 = 4; within a panel row after row.
 * Element (k, n) of B lies `k·perRow + n·perColumn` numbers from b, so that a transposed B is packed by exchanging the
 * steps. out [depth · columns] numbers; columns % 4 = 0.
 */
export function packPanels(b: usize, perRow: i32, perColumn: i32, depth: i32, columns: i32, out: usize): void {
  for (let n = 0; n < columns; n += PANEL) {
    const width = min(PANEL, columns - n);
    for (let k = 0; k < depth; k++) {
      for (let j = n; j < n + width; j++) {
        store<f32>(out, load<f32>(b + (<usize>(k * perRow + j * perColumn) << 2)));
        out += 4;
      }
    }
  }
}

/**
 * C = A·B. a [rows, depth], rows `lda` bytes apart; B in panels (`packPanels`); c [rows, columns], rows `ldc` bytes apart.
 * columns % 4 = 0.
 */
export function product(
  a: usize, lda: usize, panels: usize, c: usize, ldc: usize, rows: i32, depth: i32, columns: i32,
): void {
  const whole = rows & ~3;
  for (let n = 0; n < columns; n += PANEL) {
    const panel = panels + (<usize>(n * depth) << 2);
    const wide = columns - n >= PANEL;
    let from = a;
    let to = c + (<usize>n << 2);
    for (let row = 0; row < whole; row += 4) {
      if (wide) product4x8(from, lda, panel, depth, to, ldc);
      else product4x4(from, lda, panel, depth, to, ldc);
      from += lda << 2;
      to += ldc << 2;
    }
    for (let row = whole; row < rows; row++) {
      if (wide) product1x8(from, lda, panel, depth, to, ldc);
      else product1x4(from, lda, panel, depth, to, ldc);
      from += lda;
      to += ldc;
    }
  }
}

/**
 * C += Aᵀ·B. a [rows, depth], b [rows, columns], c [depth, columns]; rows `lda`, `ldb` and `ldc` bytes apart.
 * depth % 4 = 0, columns % 4 = 0.
 */
export function transposedProduct(
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, rows: i32, depth: i32, columns: i32,
): void {
  for (let n = 0; n < columns; n += PANEL) {
    const wide = columns - n >= PANEL;
    const right = b + (<usize>n << 2);
    let to = c + (<usize>n << 2);
    for (let k = 0; k < depth; k += 4) {
      if (wide) transposed4x8(a + (<usize>k << 2), lda, right, ldb, rows, to, ldc);
      else transposed4x4(a + (<usize>k << 2), lda, right, ldb, rows, to, ldc);
      to += ldc << 2;
    }
  }
}
