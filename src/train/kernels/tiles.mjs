// AssemblyScript has no macros, and a matrix tile is one statement written many times: this writes them.

const count = (n) => [...Array(n).keys()];
const each = (n, line) => count(n).map(line).join("\n");

/** Steps of the sum in one turn of a product's loop; every depth is a multiple of it. */
const unrolled = 4;

/**
 * The shapes of tiles that can be chosen for whole panels, by their code: rows and vectors of four columns.
 * Which one is fastest depends on processor and V8; all add in the same order. src/train/wasm/microKernels.ts has the same list.
 */
const shapes = [[4, 2], [8, 2], [2, 4], [3, 3], [6, 4]];
/** Likewise for weight gradients, which are sums over rows. */
const transposedShapes = [[4, 2], [2, 4], [3, 3], [4, 4]];
/** What four rows, and what tiles of three rows, leave over. */
const transposedRests = [[4, 1], [1, 3], [2, 3]];
/** The vectors of every panel there can be. */
const widths = [1, 2, 3, 4];

const name = ([rows, vectors]) => `${rows}x${4 * vectors}`;

/**
 * Tiles of C = A·B below each other: `rows` rows times `vectors`·4 columns, whole in registers, `tiles` times.
 * a [tiles·rows, depth], rows `lda` bytes apart; panel [depth, vectors·4]; c [tiles·rows, vectors·4], rows `ldc` bytes
 * apart; depth % 4 = 0.
 *
 * V8 moves additions down past all loads of a stretch without branches, and then has too few registers. So after each step
 * stands a branch that is never taken (no panel lies at address 1, 2 or 3), and a stretch is one step. Tiles of 8 rows do not
 * fit into 16 registers of 128 bits anyway and are better off without: each sum then takes its four steps at once. Those of
 * 16 columns are for V8 that makes one operation of two (src/train/wasm/v8.ts), and fit into 16 registers of 256 bits.
 */
const product = ([rows, vectors]) => {
  const fits = rows * vectors + vectors < 16 || vectors === 4;
  const step = (k) => `
${each(vectors, (j) => `      const b${j}_${k} = v128.load(b, ${16 * (k * vectors + j)});`)}
${each(rows, (i) => `      const x${i}_${k} = v128.load32_splat(a${i}, ${4 * k});\n${each(vectors, (j) => `      c${i}_${j} = madd(x${i}_${k}, b${j}_${k}, c${i}_${j});`)}`)}
${fits && k < unrolled - 1 ? `      if (b == ${k + 1}) break;` : ""}`;
  return `
function product${name([rows, vectors])}(
  a: usize, lda: usize, panel: usize, depth: i32, c: usize, ldc: usize, tiles: i32,
): void {
  const end = panel + <usize>depth * ${16 * vectors};
  for (; tiles > 0; tiles--) {
    let b = panel;
    let a0 = a;
${each(rows - 1, (i) => `    let a${i + 1} = a${i} + lda;`)}
    a = a${rows - 1} + lda;
${each(rows, (i) => each(vectors, (j) => `    let c${i}_${j} = f32x4.splat(0);`))}
    while (b < end) {${each(unrolled, step)}
      b += ${16 * vectors * unrolled};
${each(rows, (i) => `      a${i} += ${4 * unrolled};`)}
    }
${each(rows, (i) => `${each(vectors, (j) => `    v128.store(c, c${i}_${j}, ${16 * j});`)}\n    c += ldc;`)}
  }
}
`;
};

/**
 * Tiles of C += Aᵀ·B below each other, for weight gradients: `rows` columns of A times `vectors`·4 columns of B, summed
 * over `count` rows. a, b and c: rows `lda`, `ldb` and `ldc` bytes apart.
 */
const transposed = ([rows, vectors]) => `
function transposed${name([rows, vectors])}(
  a: usize, lda: usize, b: usize, ldb: usize, count: i32, c: usize, ldc: usize, tiles: i32,
): void {
  for (; tiles > 0; tiles--) {
    const end = a + <usize>count * lda;
    let at = a;
    let bt = b;
    let ct = c;
${each(rows, (i) => `${each(vectors, (j) => `    let c${i}_${j} = v128.load(ct, ${16 * j});`)}${i < rows - 1 ? "\n    ct += ldc;" : ""}`)}
    while (at < end) {
${each(vectors, (j) => `      const b${j} = v128.load(bt, ${16 * j});`)}
${each(rows, (i) => `      const x${i} = v128.load32_splat(at, ${4 * i});\n${each(vectors, (j) => `      c${i}_${j} = madd(x${i}, b${j}, c${i}_${j});`)}`)}
      at += lda;
      bt += ldb;
    }
${each(rows, (i) => `${each(vectors, (j) => `    v128.store(c, c${i}_${j}, ${16 * j});`)}\n    c += ldc;`)}
    a += ${4 * rows};
  }
}
`;

/** A function that calls one of several by a code. */
const choice = (title, signature, cases) => `
export function ${title}(code: i32, ${signature.map((s) => `${s}: ${/depth|count|tiles/.test(s) ? "i32" : "usize"}`).join(", ")}): void {
${cases.map(([code, call]) => `  if (code == ${code}) { ${call}(${signature.join(", ")}); return; }`).join("\n")}
}
`;

/** A function from a code to a number. */
const byCode = (title, of, numberOf) =>
  `export function ${title}(code: i32): i32 { return ${of.map((shape, code) => `code == ${code} ? ${numberOf(shape)} : `).join("")}0; }`;

const ofProduct = ["a", "lda", "panel", "depth", "c", "ldc", "tiles"];
const ofTransposed = ["a", "lda", "b", "ldb", "count", "c", "ldc", "tiles"];

/** The source of the module `./tiles`. */
export const tiles = () =>
  [
    'import { madd } from "./simd";',
    byCode("rowsOf", shapes, ([rows]) => rows),
    byCode("columnsOf", shapes, ([, vectors]) => 4 * vectors),
    byCode("transposedRowsOf", transposedShapes, ([rows]) => rows),
    byCode("transposedColumnsOf", transposedShapes, ([, vectors]) => 4 * vectors),
    ...[...shapes, [4, 1], [4, 4], ...widths.map((vectors) => [1, vectors])].map(product),
    ...[...transposedShapes, ...transposedRests].map(transposed),
    choice("productTiles", ofProduct, shapes.map((shape, code) => [code, `product${name(shape)}`])),
    choice("productRows", ofProduct, widths.map((vectors) => [4 * vectors, `product${name([1, vectors])}`])),
    choice("transposedTiles", ofTransposed, transposedShapes.map((shape, code) => [code, `transposed${name(shape)}`])),
    "export { product4x16, product4x4, product4x8, transposed1x12, transposed2x12, transposed4x4, transposed4x8 };",
  ].join("\n");
