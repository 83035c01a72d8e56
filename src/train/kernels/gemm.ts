// Matrix products over tiles that fit in registers. Every sum runs over its index in order, whatever the tile, so that
// the choice of tiles changes no bit of a result.
import {
  columnsOf, product4x16, product4x4, product4x8, productRows, productTiles, rowsOf,
  transposed1x12, transposed2x12, transposed4x4, transposed4x8, transposedColumnsOf, transposedRowsOf, transposedTiles,
} from "./tiles";

/**
 * Codes of the tiles that products use where they fit: with no more depth than columns, with more, in panels of 8 columns
 * left over, and of `transposedProduct`.
 */
let ofWide: i32 = 0;
let ofDeep: i32 = 0;
let ofEight: i32 = 0;
let ofTransposed: i32 = 0;

/** Choose tiles by their codes in tiles.mjs. Panels packed before are no longer valid. */
export function chooseTiles(wide: i32, deep: i32, eight: i32, transposed: i32): void {
  ofWide = wide;
  ofDeep = deep;
  ofEight = eight;
  ofTransposed = transposed;
}

// @ts-ignore: decorator
@inline
function tileOf(depth: i32, columns: i32): i32 {
  return depth > columns ? ofDeep : ofWide;
}

/** Columns of the next panel: as many as the tile has, or 8, or 4; 16 are 8 and 8 rather than 12 and a slow 4. */
// @ts-ignore: decorator
@inline
function panelOf(whole: i32, left: i32): i32 {
  return left >= whole && !(whole == 12 && left == 16) ? whole : left >= 8 ? 8 : 4;
}

/**
 * Copy B into panels of the chosen tile's columns, and what is left over into panels of 8 and one of 4; within a panel row
 * after row.
 * Element (k, n) of B lies `k·perRow + n·perColumn` numbers from b, so that a transposed B is packed by exchanging the
 * steps. out [depth · columns] numbers; columns % 4 = 0.
 */
export function packPanels(b: usize, perRow: i32, perColumn: i32, depth: i32, columns: i32, out: usize): void {
  const whole = columnsOf(tileOf(depth, columns));
  for (let n = 0, width = 0; n < columns; n += width) {
    width = panelOf(whole, columns - n);
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
  const tile = tileOf(depth, columns);
  const whole = columnsOf(tile);
  for (let n = 0, width = 0; n < columns; n += width) {
    width = panelOf(whole, columns - n);
    const panel = panels + (<usize>(n * depth) << 2);
    const to = c + (<usize>n << 2);
    let done = 0;
    if (width == whole || width == 8) {
      const code = width == whole ? tile : ofEight;
      const tiles = rows / rowsOf(code);
      productTiles(code, a, lda, panel, depth, to, ldc, tiles);
      done = tiles * rowsOf(code);
    }
    const fours = (rows - done) >> 2;
    if (fours > 0 && width != 12) {
      const from = a + <usize>done * lda;
      const at = to + <usize>done * ldc;
      if (width == 16) product4x16(from, lda, panel, depth, at, ldc, fours);
      else if (width == 8) product4x8(from, lda, panel, depth, at, ldc, fours);
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
  const each = transposedRowsOf(ofTransposed);
  const tiles = depth / each;
  for (let n = 0, width = 0; n < columns; n += width) {
    width = panelOf(whole, columns - n);
    const right = b + (<usize>n << 2);
    const to = c + (<usize>n << 2);
    if (width == whole) {
      transposedTiles(ofTransposed, a, lda, right, ldb, rows, to, ldc, tiles);
      const done = tiles * each;
      const from = a + (<usize>done << 2);
      const at = to + <usize>done * ldc;
      if (depth - done == 1) transposed1x12(from, lda, right, ldb, rows, at, ldc, 1);
      else if (depth - done == 2) transposed2x12(from, lda, right, ldb, rows, at, ldc, 1);
    } else if (width == 8) transposed4x8(a, lda, right, ldb, rows, to, ldc, depth >> 2);
    else transposed4x4(a, lda, right, ldb, rows, to, ldc, depth >> 2);
  }
}
