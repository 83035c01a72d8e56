// Writes the depthwise kernels of the usual kernel sizes, strides and dilations, with neighbours sharing what they load.

const count = (n) => [...Array(n).keys()];
const each = (items, line) => items.map(line).join("\n");

/**
 * The forms there are, by their code: how wide the kernel is, stride, dilation. Square kernels first, then what the way back
 * through a stride of 2 meets of them. src/train/wasm/operators/depthwise.ts has the same list.
 */
const squares = [
  [3, 1, 1], [3, 2, 1], [3, 1, 2], [3, 1, 3], [5, 1, 1], [5, 2, 1], [7, 1, 1], [7, 2, 1],
];
const forms = [...squares, [1, 1, 1], [2, 1, 1], [4, 1, 1]];
const name = ([kernel, stride, dilation]) => `${kernel}s${stride}d${dilation}`;

/** Where `tile` neighbouring windows read in one row, each place once. */
const places = ([kernel, stride, dilation], tile) =>
  [...new Set(count(tile).flatMap((t) => count(kernel).map((k) => t * stride + k * dilation)))].sort((a, b) => a - b);

/** One row of outputs of every plane, `tile` at a time while as many are left. */
const row = (form) => {
  const [wide, stride, dilation] = form;
  const loop = (tile) => `
    for (; x + ${tile} <= columns; x += ${tile}) {
      let w = weights;
      let p = at;
${each(count(tile), (t) => `      let s${t} = f32x4.splat(0);`)}
      for (let line = 0; line < high; line++) {
${each(count(wide), (k) => `        const w${k} = v128.load(w);\n        w += perTap;`)}
${each(places(form, tile), (i) => `        const x${i} = v128.load(p, ${16 * i});`)}
${each(count(wide), (k) => each(count(tile), (t) => `        s${t} = madd(x${t * stride + k * dilation}, w${k}, s${t});`))}
        p += down;
      }
${each(count(tile), (t) => `      v128.store(to, s${t});\n      to += right;`)}
      at += ${16 * stride * tile};
    }`;
  return `
function row${name(form)}(
  from: usize, planeSize: usize, high: i32, down: usize, weights: usize, perTap: usize, out: usize, right: usize,
  columns: i32, groups: i32,
): void {
  for (; groups > 0; groups--) {
    let at = from;
    let to = out;
    let x = 0;${loop(4)}${loop(1)}
    from += planeSize;
    weights += VECTOR;
    out += VECTOR;
  }
}`;
};

/** The sums of one row of taps over a whole plane. */
const gradient = (form) => {
  const [kernel, stride, dilation] = form;
  const tile = kernel === 7 ? 1 : 2;
  const sets = kernel === 3 ? 2 : 1;
  const step = (tiles) => `
${each(count(tiles), (t) => `        const g${t} = v128.load(g, ${16 * t});`)}
${each(places(form, tiles), (i) => `        const x${i} = v128.load(p, ${16 * i});`)}
${each(count(tiles), (t) => each(count(kernel), (k) => `        s${k}_${t % sets} = madd(x${t * stride + k * dilation}, g${t}, s${k}_${t % sets});`))}
        g += ${16 * tiles};
        p += ${16 * stride * tiles};`;
  return `
function taps${name(form)}(
  plane: usize, pitch: usize, gradients: usize, gradientPitch: usize, weights: usize, perTap: usize,
  rows: i32, columns: i32,
): void {
  for (let line = 0; line < ${kernel}; line++) {
${each(count(kernel), (k) => each(count(sets), (s) => `    let s${k}_${s} = f32x4.splat(0);`))}
    for (let y = 0; y < rows; y++) {
      let p = plane + <usize>(y * ${stride} + line * ${dilation}) * pitch;
      let g = gradients + <usize>y * gradientPitch;
      let x = 0;
      for (; x + ${tile} <= columns; x += ${tile}) {${step(tile)}
      }
${tile > 1 ? `      if (x < columns) {${step(1)}\n      }` : ""}
    }
${each(count(kernel), (k) => `    v128.store(weights, f32x4.add(v128.load(weights), ${sets === 2 ? `f32x4.add(s${k}_0, s${k}_1)` : `s${k}_0`}));\n    weights += perTap;`)}
  }
}`;
};

const choose = (of, call) => each(of, (form, code) => `${code === 0 ? "" : "else "}if (form == ${code}) ${call(form)};`);

/** The source of the module `./depthwiseRows`. */
export const depthwiseRows = () => `
import { VECTOR, madd } from "./simd";
${each(forms, row)}
${each(squares, gradient)}

/**
 * Depthwise convolution of all planes in one of the written forms, with a kernel \`high\` taps high. Planes as in
 * \`depthwise.ts\`, the first window \`offset\` bytes inside, rows \`pitch\` bytes apart; weights [taps, groups·4]; results as
 * \`correlate\` writes them.
 */
export function correlateForm(
  form: i32, high: i32, planes: usize, planeSize: usize, offset: usize, pitch: usize, downStep: usize, weights: usize,
  out: usize, downOut: usize, rightOut: usize, rows: i32, columns: i32, groups: i32,
): void {
  const perTap = <usize>groups * VECTOR;
  let from = planes + offset;
  for (let y = 0; y < rows; y++) {
    ${choose(forms, (form) => `row${name(form)}(from, planeSize, high, pitch * ${form[2]}, weights, perTap, out, rightOut, columns, groups)`)}
    from += downStep;
    out += downOut;
  }
}

/** weights += Σ over positions of input·gradient, for every tap, in one of the square forms. weights [kernel², groups·4]. */
export function correlateFormGradient(
  form: i32, planes: usize, planeSize: usize, pitch: usize, gradients: usize, gradientSize: usize, gradientPitch: usize,
  weights: usize, rows: i32, columns: i32, groups: i32,
): void {
  const perTap = <usize>groups * VECTOR;
  for (let g = 0; g < groups; g++) {
    const plane = planes + <usize>g * planeSize;
    const gradient = gradients + <usize>g * gradientSize;
    const w = weights + <usize>g * VECTOR;
    ${choose(squares, (form) => `taps${name(form)}(plane, pitch, gradient, gradientPitch, w, perTap, rows, columns)`)}
  }
}
`;
