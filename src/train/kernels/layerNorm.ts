// Normalisation over the channels of each position. Rows are [stride], of which `channels` count; the rest is padding.
import { VECTOR, firstLanes, madd, sumLanes } from "./simd";

/** Mean of the first `channels` numbers of a row. */
// @ts-ignore: decorator
@inline
function meanOf(x: usize, width: usize, last: v128, channels: i32): f32 {
  let total = f32x4.splat(0);
  let c: usize = 0;
  for (; c + VECTOR < width; c += VECTOR) total = f32x4.add(total, v128.load(x + c));
  return sumLanes(f32x4.add(total, v128.and(last, v128.load(x + c)))) / <f32>channels;
}

/** 1 / √(variance + epsilon) of the first `channels` numbers of a row. */
// @ts-ignore: decorator
@inline
function inverseDeviation(x: usize, width: usize, last: v128, channels: i32, mean: v128, epsilon: f32): f32 {
  let squares = f32x4.splat(0);
  let c: usize = 0;
  for (; c + VECTOR < width; c += VECTOR) {
    const d = f32x4.sub(v128.load(x + c), mean);
    squares = madd(d, d, squares);
  }
  const d = v128.and(last, f32x4.sub(v128.load(x + c), mean));
  return 1 / sqrt<f32>(sumLanes(madd(d, d, squares)) / <f32>channels + epsilon);
}

/** y = gamma·(x - mean) / √(variance + epsilon) + beta. gamma, beta [stride], 0 in the padding. */
export function layerNorm(
  x: usize, gamma: usize, beta: usize, y: usize, rows: i32, channels: i32, stride: i32, epsilon: f32,
): void {
  const width = <usize>stride << 2;
  const last = firstLanes(channels - (stride - 4));
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(meanOf(x, width, last, channels));
    const inverse = f32x4.splat(inverseDeviation(x, width, last, channels, mean, epsilon));
    for (let c: usize = 0; c < width; c += VECTOR) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + c), mean), inverse);
      v128.store(y + c, madd(normal, v128.load(gamma + c), v128.load(beta + c)));
    }
    x += width;
    y += width;
  }
}

/** dx, and dGamma += Σ dy·normal, dBeta += Σ dy over the rows. dGamma, dBeta [stride]. */
export function layerNormGradient(
  dy: usize, x: usize, gamma: usize, dx: usize, dGamma: usize, dBeta: usize,
  rows: i32, channels: i32, stride: i32, epsilon: f32,
): void {
  const width = <usize>stride << 2;
  const last = firstLanes(channels - (stride - 4));
  const share: f32 = (<f32>1) / <f32>channels;
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(meanOf(x, width, last, channels));
    const inverse = f32x4.splat(inverseDeviation(x, width, last, channels, mean, epsilon));
    let total = f32x4.splat(0);
    let weighted = f32x4.splat(0);
    for (let c: usize = 0; c < width; c += VECTOR) {
      const counts = c + VECTOR < width ? i32x4.splat(-1) : last;
      const normal = f32x4.mul(f32x4.sub(v128.load(x + c), mean), inverse);
      const up = v128.and(counts, v128.load(dy + c));
      v128.store(dGamma + c, madd(up, normal, v128.load(dGamma + c)));
      v128.store(dBeta + c, f32x4.add(v128.load(dBeta + c), up));
      const g = f32x4.mul(up, v128.load(gamma + c));
      total = f32x4.add(total, g);
      weighted = madd(g, normal, weighted);
    }
    const meanG = f32x4.splat(sumLanes(total) * share);
    const meanWeighted = f32x4.splat(sumLanes(weighted) * share);
    for (let c: usize = 0; c < width; c += VECTOR) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + c), mean), inverse);
      const g = f32x4.mul(v128.load(dy + c), v128.load(gamma + c));
      const centred = f32x4.sub(f32x4.sub(g, meanG), f32x4.mul(normal, meanWeighted));
      v128.store(dx + c, f32x4.mul(centred, inverse));
    }
    v128.store(dx + width - VECTOR, v128.and(last, v128.load(dx + width - VECTOR)));
    dy += width;
    x += width;
    dx += width;
  }
}
