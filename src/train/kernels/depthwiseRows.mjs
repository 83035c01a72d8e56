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

/** Vectors of four channels that a plane can hold: of two V8 may make one (src/train/wasm/v8.ts). */
const planes = [1, 2];

/** One row of outputs of every plane, `tile` at a time while as many are left. */
const row = (form, vectors) => {
  const [wide, stride, dilation] = form;
  const lanes = count(vectors);
  const loop = (tile) => `
    for (; x + ${tile} <= columns; x += ${tile}) {
      let w = weights;
      let p = at;
${each(count(tile), (t) => each(lanes, (v) => `      let s${t}_${v} = f32x4.splat(0);`))}
      for (let line = 0; line < high; line++) {
${each(count(wide), (k) => `${each(lanes, (v) => `        const w${k}_${v} = v128.load(w, ${16 * v});`)}\n        w += perTap;`)}
${each(places(form, tile), (i) => each(lanes, (v) => `        const x${i}_${v} = v128.load(p, ${16 * (vectors * i + v)});`))}
${each(count(wide), (k) => each(count(tile), (t) => each(lanes, (v) => `        s${t}_${v} = madd(x${t * stride + k * dilation}_${v}, w${k}_${v}, s${t}_${v});`)))}
        p += down;
      }
${each(count(tile), (t) => `${each(lanes, (v) => `      v128.store(to, s${t}_${v}, ${16 * v});`)}\n      to += right;`)}
      at += ${16 * vectors * stride * tile};
    }`;
  return `
function row${name(form)}x${vectors}(
  from: usize, planeSize: usize, high: i32, down: usize, weights: usize, perTap: usize, out: usize, right: usize,
  columns: i32, groups: i32,
): void {
  for (; groups > 0; groups -= ${vectors}) {
    let at = from;
    let to = out;
    let x = 0;${loop(4)}${loop(1)}
    from += planeSize;
    weights += ${vectors} * VECTOR;
    out += ${vectors} * VECTOR;
  }
}`;
};

/** The sums of one row of taps over a whole plane. */
const gradient = (form, vectors) => {
  const [kernel, stride, dilation] = form;
  const lanes = count(vectors);
  const tile = kernel === 7 ? 1 : 2;
  const sets = kernel === 3 ? 2 : 1;
  const step = (tiles) => `
${each(count(tiles), (t) => each(lanes, (v) => `        const g${t}_${v} = v128.load(g, ${16 * (vectors * t + v)});`))}
${each(places(form, tiles), (i) => each(lanes, (v) => `        const x${i}_${v} = v128.load(p, ${16 * (vectors * i + v)});`))}
${each(count(tiles), (t) => each(count(kernel), (k) => each(lanes, (v) => `        s${k}_${t % sets}_${v} = madd(x${t * stride + k * dilation}_${v}, g${t}_${v}, s${k}_${t % sets}_${v});`)))}
        g += ${16 * vectors * tiles};
        p += ${16 * vectors * stride * tiles};`;
  const total = (k, v) => (sets === 2 ? `f32x4.add(s${k}_0_${v}, s${k}_1_${v})` : `s${k}_0_${v}`);
  return `
function taps${name(form)}x${vectors}(
  plane: usize, pitch: usize, gradients: usize, gradientPitch: usize, weights: usize, perTap: usize,
  rows: i32, columns: i32,
): void {
  for (let line = 0; line < ${kernel}; line++) {
${each(count(kernel), (k) => each(count(sets), (s) => each(lanes, (v) => `    let s${k}_${s}_${v} = f32x4.splat(0);`)))}
    for (let y = 0; y < rows; y++) {
      let p = plane + <usize>(y * ${stride} + line * ${dilation}) * pitch;
      let g = gradients + <usize>y * gradientPitch;
      let x = 0;
      for (; x + ${tile} <= columns; x += ${tile}) {${step(tile)}
      }
${tile > 1 ? `      if (x < columns) {${step(1)}\n      }` : ""}
    }
${each(count(kernel), (k) => `${each(lanes, (v) => `    const n${k}_${v} = f32x4.add(v128.load(weights, ${16 * v}), ${total(k, v)});`)}
${each(lanes, (v) => `    v128.store(weights, n${k}_${v}, ${16 * v});`)}
    weights += perTap;`)}
  }
}`;
};

const choose = (of, call) =>
  each(planes, (vectors) =>
    each(of, (form, code) => `if (vectors == ${vectors} && form == ${code}) ${call(form, vectors)};`),
  );

/** The source of the module `./depthwiseRows`. */
export const depthwiseRows = () => `
import { VECTOR, madd } from "./simd";
${each(planes, (vectors) => each(forms, (form) => row(form, vectors)))}
${each(planes, (vectors) => each(squares, (form) => gradient(form, vectors)))}

/**
 * Depthwise convolution of all planes in one of the written forms, with a kernel \`high\` taps high. Planes as in
 * \`depthwise.ts\`, of \`vectors\` vectors of four channels; the first window \`offset\` bytes inside, rows \`pitch\` bytes
 * apart; weights [taps, groups·4]; results as \`correlate\` writes them.
 */
export function correlateForm(
  form: i32, high: i32, planes: usize, planeSize: usize, offset: usize, pitch: usize, downStep: usize, weights: usize,
  out: usize, downOut: usize, rightOut: usize, rows: i32, columns: i32, groups: i32, vectors: i32,
): void {
  const perTap = <usize>groups * VECTOR;
  let from = planes + offset;
  for (let y = 0; y < rows; y++) {
    ${choose(forms, (form, vectors) => `row${name(form)}x${vectors}(from, planeSize, high, pitch * ${form[2]}, weights, perTap, out, rightOut, columns, groups)`)}
    from += downStep;
    out += downOut;
  }
}

/** weights += Σ over positions of input·gradient, for every tap, in one of the square forms. weights [kernel², groups·4]. */
export function correlateFormGradient(
  form: i32, planes: usize, planeSize: usize, pitch: usize, gradients: usize, gradientSize: usize, gradientPitch: usize,
  weights: usize, rows: i32, columns: i32, groups: i32, vectors: i32,
): void {
  const perTap = <usize>groups * VECTOR;
  for (let g = 0; g * vectors < groups; g++) {
    const plane = planes + <usize>g * planeSize;
    const gradient = gradients + <usize>g * gradientSize;
    const w = weights + <usize>(g * vectors) * VECTOR;
    ${choose(squares, (form, vectors) => `taps${name(form)}x${vectors}(plane, pitch, gradient, gradientPitch, w, perTap, rows, columns)`)}
  }
}
`;
