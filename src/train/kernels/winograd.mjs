// Writes the changes of basis of Winograd's F(2x2, 3x3), in which a convolution of 3x3 over 2x2 outputs takes 16 products
// a pair of channels instead of 36: y = Aᵀ[(G g Gᵀ)·(Bᵀ d B)]A, and each of them turned round for gradients.
// Lavin and Gray 2016, arXiv:1509.09308, §4.1.

const inputs = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]];
const outputs = [[1, 1, 1, 0], [0, 1, -1, -1]];
const kernels = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]];

const count = (n) => [...Array(n).keys()];
const turned = (matrix) => matrix[0].map((_, j) => matrix.map((row) => row[j]));

/** The expression Σ factor·name. */
const sum = (factors, names) => {
  const terms = names.map((name, i) => [factors[i], name]).filter(([factor]) => factor !== 0);
  terms.sort(([a], [b]) => b - a);
  const [[first, name], ...rest] = terms;
  const times = (factor, of) => (Math.abs(factor) === 1 ? of : `f32x4.mul(${of}, half)`);
  const start = first > 0 ? times(first, name) : `f32x4.neg(${times(first, name)})`;
  return rest.reduce((all, [factor, of]) => `f32x4.${factor > 0 ? "add" : "sub"}(${all}, ${times(factor, of)})`, start);
};

/** Statements for `matrix`·x·`matrix`ᵀ: x by `load(i, j)`, results to `store(i, j, expression)`. */
const change = (matrix, load, store) => {
  const [rows, columns] = [matrix.length, matrix[0].length];
  const lines = [];
  for (const j of count(columns)) {
    for (const i of count(columns)) lines.push(`const x${i}${j} = ${load(i, j)};`);
    for (const i of count(rows)) lines.push(`const t${i}${j} = ${sum(matrix[i], count(columns).map((k) => `x${k}${j}`))};`);
  }
  for (const i of count(rows))
    for (const j of count(rows)) lines.push(store(i, j, sum(matrix[j], count(columns).map((k) => `t${i}${k}`))));
  return lines.map((line) => `      ${line}`).join("\n");
};

const plane = (name) => (i, j) => `v128.load(${name} + ${4 * i + j} * plane)`;
const toPlane = (i, j, value) => `v128.store(to + ${4 * i + j} * plane, ${value});`;
const tap = (name) => (i, j) => `v128.load(${name} + ${3 * i + j} * bytes)`;

/** What the kernels of tiles share: tile after tile, four channels at a time. */
const tiles = (title, doc, parameters, start, body) => `
/** ${doc} */
export function ${title}(
  ${parameters}, channels: i32, right: i32, perMap: i32, first: i32, count: i32, tiles: usize, plane: usize,
): void {
  const width = <usize>channels << 2;
  for (let i = first; i < first + count; i++) {
    const map = i / perMap;
    const place = i - map * perMap;
    const down = place / right;
    const across = place - down * right;
    ${start}
    for (let c: usize = 0; c < width; c += VECTOR) {
${body}
    }
    tiles += width;
  }
}
`;

const window = `const line = <usize>mapWidth * width;
    const at = maps + <usize>map * mapBytes + <usize>(2 * down) * line + <usize>(2 * across) * width;`;
const square = `const line = <usize>outWidth * width;
    const at = out + <usize>((map * outHeight + 2 * down) * outWidth + 2 * across) * width;
    const low = 2 * down + 1 < outHeight;
    const far = 2 * across + 1 < outWidth;`;
const inWindow = (i, j) => `v128.load(at + ${i} * line + ${j} * width + c)`;
const there = (i, j) => [i === 1 ? "low" : "", j === 1 ? "far" : ""].filter(Boolean).join(" && ");
const inSquare = (i, j) => {
  const load = `v128.load(at + ${i} * line + ${j} * width + c)`;
  return there(i, j) === "" ? load : `${there(i, j)} ? ${load} : zero`;
};
const toSquare = (i, j, value) => {
  const store = `v128.store(at + ${i} * line + ${j} * width + c, ${value});`;
  return there(i, j) === "" ? store : `if (${there(i, j)}) ${store}`;
};

/** The source of the module `./winograd`. */
export const winograd = () => `
import { VECTOR } from "./simd";

// Maps of an image with a border of one position above and on the left, and as many below and on the right as the last tile
// reaches: mapWidth positions a row, mapBytes a map. A tile is 2x2 outputs, 'right' of them in a row and 'perMap' in a map;
// 'count' tiles from the first. tiles [16, count, channels], 'plane' bytes apart; channels % 4 = 0.
${tiles("winogradInput", "tiles = Bᵀ d B of the 4x4 window d under each tile.", "maps: usize, mapBytes: usize, mapWidth: i32", window, `      const to = tiles + c;\n${change(inputs, inWindow, toPlane)}`)}
${tiles("winogradInputGradient", "The way back: each window += B·tile·Bᵀ.", "maps: usize, mapBytes: usize, mapWidth: i32", window, `      const from = tiles + c;\n${change(turned(inputs), plane("from"), (i, j, value) => `v128.store(at + ${i} * line + ${j} * width + c, f32x4.add(${inWindow(i, j)}, ${value}));`)}`)}
${tiles("winogradOutput", "out = Aᵀ·tile·A; out [maps, outHeight, outWidth, channels].", "out: usize, outHeight: i32, outWidth: i32", square, `      const from = tiles + c;\n${change(outputs, plane("from"), toSquare)}`)}
${tiles("winogradOutputGradient", "The way back: tiles = A·d·Aᵀ of each 2x2 square d of out, 0 where it has no position.", "out: usize, outHeight: i32, outWidth: i32", `${square}
    const zero = f32x4.splat(0);`, `      const to = tiles + c;\n${change(turned(outputs), inSquare, toPlane)}`)}
/** u = G g Gᵀ, number by number. g [9, numbers], u [16, numbers]; numbers % 4 = 0. */
export function winogradKernel(g: usize, u: usize, numbers: i32): void {
  const half = f32x4.splat(0.5);
  const bytes = <usize>numbers << 2;
  const plane = bytes;
  for (let n: usize = 0; n < bytes; n += VECTOR) {
      const from = g + n;
      const to = u + n;
${change(kernels, tap("from"), toPlane)}
  }
}

/** The way back: g = Gᵀ u G. */
export function winogradKernelGradient(u: usize, g: usize, numbers: i32): void {
  const half = f32x4.splat(0.5);
  const bytes = <usize>numbers << 2;
  const plane = bytes;
  for (let n: usize = 0; n < bytes; n += VECTOR) {
      const from = u + n;
${change(turned(kernels), plane("from"), (i, j, value) => `v128.store(g + n + ${3 * i + j} * bytes, ${value});`)}
  }
}
`;
