// AssemblyScript has no macros, and a matrix tile is one statement written many times: this writes them.

const count = (n) => [...Array(n).keys()];
const each = (n, line) => count(n).map(line).join("\n");

/**
 * A tile of C = A·B: `rows` rows times `vectors`·4 columns, whole in registers.
 * a [rows, depth] with rows `lda` bytes apart; panel [depth, vectors·4]; c [rows, vectors·4] with rows `ldc` bytes apart.
 */
const product = (rows, vectors) => `
export function product${rows}x${4 * vectors}(a: usize, lda: usize, panel: usize, depth: i32, c: usize, ldc: usize): void {
  const end = panel + <usize>depth * ${16 * vectors};
  let a0 = a;
${each(rows - 1, (i) => `  let a${i + 1} = a${i} + lda;`)}
${each(rows, (i) => each(vectors, (j) => `  let c${i}_${j} = f32x4.splat(0);`))}
  while (panel < end) {
${each(vectors, (j) => `    const b${j} = v128.load(panel, ${16 * j});`)}
${each(rows, (i) => `    const x${i} = v128.load32_splat(a${i});\n${each(vectors, (j) => `    c${i}_${j} = madd(x${i}, b${j}, c${i}_${j});`)}`)}
    panel += ${16 * vectors};
${each(rows, (i) => `    a${i} += 4;`)}
  }
${each(rows, (i) => `${each(vectors, (j) => `  v128.store(c, c${i}_${j}, ${16 * j});`)}${i < rows - 1 ? "\n  c += ldc;" : ""}`)}
}
`;

/**
 * A tile of C += Aᵀ·B, for weight gradients: `rows` columns of A times `vectors`·4 columns of B, summed over `count` rows.
 * a, b: rows `lda`, `ldb` bytes apart; c: rows `ldc` bytes apart.
 */
const transposed = (rows, vectors) => `
export function transposed${rows}x${4 * vectors}(
  a: usize, lda: usize, b: usize, ldb: usize, count: i32, c: usize, ldc: usize,
): void {
  const end = a + <usize>count * lda;
  let at = c;
${each(rows, (i) => `${each(vectors, (j) => `  let c${i}_${j} = v128.load(at, ${16 * j});`)}${i < rows - 1 ? "\n  at += ldc;" : ""}`)}
  while (a < end) {
${each(vectors, (j) => `    const b${j} = v128.load(b, ${16 * j});`)}
${each(rows, (i) => `    const x${i} = v128.load32_splat(a, ${4 * i});\n${each(vectors, (j) => `    c${i}_${j} = madd(x${i}, b${j}, c${i}_${j});`)}`)}
    a += lda;
    b += ldb;
  }
${each(rows, (i) => `${each(vectors, (j) => `  v128.store(c, c${i}_${j}, ${16 * j});`)}${i < rows - 1 ? "\n  c += ldc;" : ""}`)}
}
`;

/** The source of the module `./tiles`. */
export const tiles = () =>
  [
    'import { madd } from "./simd";',
    product(4, 2), product(4, 1), product(1, 2), product(1, 1),
    transposed(4, 2), transposed(4, 1),
  ].join("\n");
