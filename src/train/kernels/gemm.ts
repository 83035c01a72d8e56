// Matrix products over tiles that fit in registers. Every sum runs over its index in order, whatever the tile, so that
// the choice of tiles changes no bit of a result.
import {
  columnsOf, product4x4, product4x8, productRows, productTiles, rowsOf,
  transposed4x4, transposed4x8, transposedColumnsOf, transposedRowsOf, transposedTiles,
} from "./tiles";

/** Codes of the tiles that `product` and `transposedProduct` use where they fit. */
let ofProduct: i32 = 0;
let ofTransposed: i32 = 0;

/** Choose tiles by their codes in tiles.mjs. Panels packed before are no longer valid. */
export function chooseTiles(product: i32, transposed: i32): void {
  ofProduct = product;
  ofTransposed = transposed;
}

/** Columns of the next panel: as many as the chosen tile has, or 8, or 4. */
// @ts-ignore: decorator
@inline
function panelOf(left: i32): i32 {
  const whole = columnsOf(ofProduct);
  return left >= whole ? whole : left >= 8 ? 8 : 4;
}

/**
 * Copy B into panels of the chosen tile's columns, and what is left over into panels of 8 and one of 4; within a panel row
 * after row.
 * Element (k, n) of B lies `k·perRow + n·perColumn` numbers from b, so that a transposed B is packed by exchanging the
 * steps. out [depth · columns] numbers; columns % 4 = 0.
 */
export function packPanels(b: usize, perRow: i32, perColumn: i32, depth: i32, columns: i32, out: usize): void {
  for (let n = 0, width = 0; n < columns; n += width) {
    width = panelOf(columns - n);
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
  const whole = columnsOf(ofProduct);
  const each = rowsOf(ofProduct);
  for (let n = 0, width = 0; n < columns; n += width) {
    width = panelOf(columns - n);
    const panel = panels + (<usize>(n * depth) << 2);
    const to = c + (<usize>n << 2);
    let done = 0;
    if (width == whole) {
      const tiles = rows / each;
      productTiles(ofProduct, a, lda, panel, depth, to, ldc, tiles);
      done = tiles * each;
    }
    const fours = (rows - done) >> 2;
    if (fours > 0 && width <= 8) {
      const from = a + <usize>done * lda;
      const at = to + <usize>done * ldc;
      if (width == 8) product4x8(from, lda, panel, depth, at, ldc, fours);
      else product4x4(from, lda, panel, depth, at, ldc, fours);
      done += fours << 2;
    }
    productRows(width, a + <usize>done * lda, lda, panel, depth, to + <usize>done * ldc, ldc, rows - done);
  }
}

/**
 * C += Aᵀ·B. a [rows, depth], b [rows, columns], c [depth, columns]; rows `lda`, `ldb` and `ldc` bytes apart.
 * depth % 4 = 0, columns % 4 = 0.
 */
export function transposedProduct(
  a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, rows: i32, depth: i32, columns: i32,
): void {
  const whole = transposedColumnsOf(ofTransposed);
  const tiles = depth / transposedRowsOf(ofTransposed);
  for (let n = 0, width = 0; n < columns; n += width) {
    const left = columns - n;
    width = left >= whole ? whole : left >= 8 ? 8 : 4;
    const right = b + (<usize>n << 2);
    const to = c + (<usize>n << 2);
    if (width == whole) transposedTiles(ofTransposed, a, lda, right, ldb, rows, to, ldc, tiles);
    else if (width == 8) transposed4x8(a, lda, right, ldb, rows, to, ldc, depth >> 2);
    else transposed4x4(a, lda, right, ldb, rows, to, ldc, depth >> 2);
  }
}
