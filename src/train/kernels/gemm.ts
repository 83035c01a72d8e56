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
 * depth % 4 = 0, columns % 4 = 0.
 */
export function product(
  a: usize, lda: usize, panels: usize, c: usize, ldc: usize, rows: i32, depth: i32, columns: i32,
): void {
  const tiles = rows >> 2;
  const whole = <usize>(rows & ~3);
  for (let n = 0; n < columns; n += PANEL) {
    const panel = panels + (<usize>(n * depth) << 2);
    const to = c + (<usize>n << 2);
    if (columns - n >= PANEL) {
      product4x8(a, lda, panel, depth, to, ldc, tiles);
      product1x8(a + whole * lda, lda, panel, depth, to + whole * ldc, ldc, rows & 3);
    } else {
      product4x4(a, lda, panel, depth, to, ldc, tiles);
      product1x4(a + whole * lda, lda, panel, depth, to + whole * ldc, ldc, rows & 3);
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
    const right = b + (<usize>n << 2);
    const to = c + (<usize>n << 2);
    if (columns - n >= PANEL) transposed4x8(a, lda, right, ldb, rows, to, ldc, depth >> 2);
    else transposed4x4(a, lda, right, ldb, rows, to, ldc, depth >> 2);
  }
}
