// Moving numbers between layouts.
import { VECTOR } from "./simd";

/** Copy `count` numbers, eight or four at a time while as many are left. */
// @ts-ignore: decorator
@inline
export function copyRun(from: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = from + (<usize>i << 2);
    const out = to + (<usize>i << 2);
    const low = v128.load(at);
    const high = v128.load(at, VECTOR);
    v128.store(out, low);
    v128.store(out, high, VECTOR);
  }
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)));
  for (; i < count; i++) store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>i << 2)));
}

/** Copy `count` columns of a matrix into another; rows `fromStep` and `toStep` bytes apart. Any count. */
export function copyColumns(from: usize, fromStep: usize, to: usize, toStep: usize, rows: i32, count: i32): void {
  for (let row = 0; row < rows; row++) {
    copyRun(from, to, count);
    from += fromStep;
    to += toStep;
  }
}

/** Set `count` columns of a matrix to 0; rows `step` bytes apart. */
export function clearColumns(at: usize, step: usize, rows: i32, count: i32): void {
  for (let row = 0; row < rows; row++) {
    memory.fill(at, 0, <usize>count << 2);
    at += step;
  }
}

/**
 * y[row, j·groups + g] = x[row, g·(channels / groups) + j]: the channel shuffle; with channels / groups in place of groups
 * it is undone. x, y [rows, stride]; y is 0 from `channels` on.
 */
export function shuffleChannels(x: usize, y: usize, rows: i32, channels: i32, stride: i32, groups: i32): void {
  const each = channels / groups;
  for (let row = 0; row < rows; row++) {
    for (let g = 0; g < groups; g++) {
      for (let j = 0; j < each; j++) {
        store<f32>(y + (<usize>(j * groups + g) << 2), load<f32>(x + (<usize>(g * each + j) << 2)));
      }
    }
    memory.fill(y + (<usize>channels << 2), 0, <usize>(stride - channels) << 2);
    x += <usize>stride << 2;
    y += <usize>stride << 2;
  }
}

/** y += x, `count` numbers, count % 4 = 0. */
export function addTo(x: usize, y: usize, count: i32): void {
  const end = x + (<usize>count << 2);
  for (; x + VECTOR < end; x += 2 * VECTOR, y += 2 * VECTOR) {
    const low = f32x4.add(v128.load(y), v128.load(x));
    const high = f32x4.add(v128.load(y, VECTOR), v128.load(x, VECTOR));
    v128.store(y, low);
    v128.store(y, high, VECTOR);
  }
  if (x < end) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
}

/** y = factor·y, `count` numbers, count % 4 = 0. */
export function scaleBy(factor: f32, y: usize, count: i32): void {
  const end = y + (<usize>count << 2);
  const f = f32x4.splat(factor);
  for (; y < end; y += VECTOR) v128.store(y, f32x4.mul(v128.load(y), f));
}
