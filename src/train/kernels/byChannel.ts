// Small sums and products by channel and by position.
import { VECTOR, firstLanes, madd, sumLanes } from "./simd";

/** y += v in every row. y [rows, channels]; v [channels]; channels % 4 = 0. */
export function addToRows(v: usize, y: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < width; c += VECTOR) v128.store(y + c, f32x4.add(v128.load(y + c), v128.load(v + c)));
    y += width;
  }
}

/** y = x·v in every row. x, y [rows, channels]; v [channels]; channels % 4 = 0. */
export function timesChannels(x: usize, v: usize, y: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < width; c += VECTOR) v128.store(y + c, f32x4.mul(v128.load(x + c), v128.load(v + c)));
    x += width;
    y += width;
  }
}

/** y = x·v[row] in every row. x, y [rows, channels]; v: one number every `step` bytes; channels % 4 = 0. */
export function timesPositions(x: usize, v: usize, step: usize, y: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    const gate = v128.load32_splat(v);
    for (let c: usize = 0; c < width; c += VECTOR) v128.store(y + c, f32x4.mul(v128.load(x + c), gate));
    x += width;
    y += width;
    v += step;
  }
}

/** y = x·z, `count` numbers, count % 4 = 0. */
export function times(x: usize, z: usize, y: usize, count: i32): void {
  const end = x + (<usize>count << 2);
  for (; x < end; x += VECTOR, y += VECTOR, z += VECTOR) v128.store(y, f32x4.mul(v128.load(x), v128.load(z)));
}

/** sums += Σ over rows of x. x [rows, channels]; sums [channels]; channels % 4 = 0. */
export function sumRows(x: usize, sums: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let c: usize = 0; c < width; c += VECTOR) {
    let total = f32x4.splat(0);
    let at = x + c;
    for (let row = 0; row < rows; row++, at += width) total = f32x4.add(total, v128.load(at));
    v128.store(sums + c, f32x4.add(v128.load(sums + c), total));
  }
}

/** sums += Σ over rows of x·y. x, y [rows, channels]; sums [channels]; channels % 4 = 0. */
export function dotRows(x: usize, y: usize, sums: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let c: usize = 0; c < width; c += VECTOR) {
    let total = f32x4.splat(0);
    let at = c;
    for (let row = 0; row < rows; row++, at += width) total = madd(v128.load(x + at), v128.load(y + at), total);
    v128.store(sums + c, f32x4.add(v128.load(sums + c), total));
  }
}

/** out[row] = Σ over channels of x·y, one number every `step` bytes. x, y [rows, stride], of which `channels` count. */
export function dotPositions(
  x: usize, y: usize, out: usize, step: usize, rows: i32, channels: i32, stride: i32,
): void {
  const width = <usize>stride << 2;
  const last = firstLanes(channels - (stride - 4));
  for (let row = 0; row < rows; row++) {
    let total = f32x4.splat(0);
    let c: usize = 0;
    for (; c + VECTOR < width; c += VECTOR) total = madd(v128.load(x + c), v128.load(y + c), total);
    total = f32x4.add(total, v128.and(last, f32x4.mul(v128.load(x + c), v128.load(y + c))));
    store<f32>(out, sumLanes(total));
    x += width;
    y += width;
    out += step;
  }
}

/** Every row of y = v. y [rows, channels]; v [channels]; channels % 4 = 0. */
export function spread(v: usize, y: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++, y += width) memory.copy(y, v, width);
}
