import type { Rng } from "../base/rng.js";

/** How a network of dense layers is shaped and trained. */
export interface MlpShape {
  /** Units of each hidden layer, 1 or more of them. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  /** Of Adam's steps, with moments 0.9 and 0.99. */
  readonly rate: number;
}

const adam = { first: 0.9, second: 0.99, epsilon: 1e-8 };

/**
 * Fit dense layers with ReLU between them, one output, mean absolute error, Adam; from
 * He's initial weights.
 *
 * @param rows     of each example the inputs that are 1, of `inputs`; the others are 0
 * @param targets  of each example, about 1 in size
 * @returns        the output for a row; it uses one scratch space, so calls must not interleave
 *
 * Pure given the stream. Time grows with epochs · examples · weights.
 */
export function fitMlp(
  rows: readonly Int32Array[],
  inputs: number,
  targets: readonly number[],
  { hidden, epochs, batch, rate }: MlpShape,
  rng: Rng,
): (row: Int32Array) => number {
  const widths = [...hidden, 1];
  const layers = widths.map((width, l) => {
    const from = l === 0 ? inputs : widths[l - 1]!;
    // Of a binary row few inputs are 1, and the others bring no variance.
    const fan = l === 0 ? Math.max(1, rows[0]!.length) : from;
    const deviation = Math.sqrt((l === widths.length - 1 ? 1 : 2) / fan);
    const weights = new Float64Array((from + 1) * width);
    for (let i = 0; i < from * width; i++) weights[i] = deviation * rng.normal();
    const zeros = () => new Float64Array(weights.length);
    return {
      from,
      width,
      /** Input by input, the biases last. */
      weights,
      gradient: zeros(),
      first: zeros(),
      second: zeros(),
      out: new Float64Array(width),
      back: new Float64Array(width),
    };
  });
  const last = layers.at(-1)!;

  function forward(row: Int32Array): number {
    for (let l = 0; l < layers.length; l++) {
      const { from, width, weights, out } = layers[l]!;
      const biases = from * width;
      for (let j = 0; j < width; j++) out[j] = weights[biases + j]!;
      if (l === 0) {
        for (let k = 0; k < row.length; k++) {
          const at = row[k]! * width;
          for (let j = 0; j < width; j++) out[j]! += weights[at + j]!;
        }
      } else {
        const x = layers[l - 1]!.out;
        for (let i = 0; i < from; i++) {
          const value = x[i]!;
          if (value === 0) continue;
          const at = i * width;
          for (let j = 0; j < width; j++) out[j]! += value * weights[at + j]!;
        }
      }
      if (l < layers.length - 1) for (let j = 0; j < width; j++) if (out[j]! < 0) out[j] = 0;
    }
    return last.out[0]!;
  }

  function backward(row: Int32Array, error: number): void {
    last.back[0] = error;
    for (let l = layers.length - 1; l >= 0; l--) {
      const { from, width, weights, gradient, back } = layers[l]!;
      const biases = from * width;
      for (let j = 0; j < width; j++) gradient[biases + j]! += back[j]!;
      if (l === 0) {
        for (let k = 0; k < row.length; k++) {
          const at = row[k]! * width;
          for (let j = 0; j < width; j++) gradient[at + j]! += back[j]!;
        }
        return;
      }
      const below = layers[l - 1]!;
      for (let i = 0; i < from; i++) {
        const x = below.out[i]!;
        below.back[i] = 0;
        if (x === 0) continue;
        const at = i * width;
        let sum = 0;
        for (let j = 0; j < width; j++) {
          sum += weights[at + j]! * back[j]!;
          gradient[at + j]! += x * back[j]!;
        }
        below.back[i] = sum;
      }
    }
  }

  let steps = 0;
  function step(): void {
    steps++;
    const scale = (rate * Math.sqrt(1 - adam.second ** steps)) / (1 - adam.first ** steps);
    for (const { weights, gradient, first, second } of layers)
      for (let i = 0; i < weights.length; i++) {
        const g = gradient[i]!;
        const m = adam.first * first[i]! + (1 - adam.first) * g;
        const v = adam.second * second[i]! + (1 - adam.second) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i]! -= (scale * m) / (Math.sqrt(v) + adam.epsilon);
        gradient[i] = 0;
      }
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.shuffle([...rows.keys()]);
    for (let from = 0; from < order.length; from += batch) {
      const drawn = order.slice(from, from + batch);
      for (const i of drawn) {
        const error = forward(rows[i]!) - targets[i]!;
        backward(rows[i]!, Math.sign(error) / drawn.length);
      }
      step();
    }
  }
  return forward;
}
