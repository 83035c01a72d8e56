// Softmax of rows [stride], of which `count` numbers count; the padding becomes 0.
import { constants } from "./constants";
import { VECTOR, exp, firstLanes, madd, maxLane, sumLanes } from "./simd";

/** p = softmax(scale·s + bias) in place. s, bias [rows, stride]; bias 0 for none. */
export function softmaxRows(s: usize, scale: f32, bias: usize, rows: i32, count: i32, stride: i32): void {
  const width = <usize>stride << 2;
  const last = firstLanes(count - (stride - 4));
  const factor = f32x4.splat(scale);
  const k = constants();
  const lowest = f32x4.splat(-Infinity);
  for (let row = 0; row < rows; row++) {
    let high = lowest;
    for (let c: usize = 0; c < width; c += VECTOR) {
      let v = f32x4.mul(v128.load(s + c), factor);
      if (bias) v = f32x4.add(v, v128.load(bias + c));
      if (c + VECTOR == width) v = v128.bitselect(v, lowest, last);
      v128.store(s + c, v);
      high = f32x4.pmax(high, v);
    }
    const top = f32x4.splat(maxLane(high));
    let total = f32x4.splat(0);
    for (let c: usize = 0; c < width; c += VECTOR) {
      let e = exp(k, f32x4.sub(v128.load(s + c), top));
      if (c + VECTOR == width) e = v128.and(last, e);
      v128.store(s + c, e);
      total = f32x4.add(total, e);
    }
    const share = f32x4.splat(1 / sumLanes(total));
    for (let c: usize = 0; c < width; c += VECTOR) v128.store(s + c, f32x4.mul(v128.load(s + c), share));
    s += width;
    if (bias) bias += width;
  }
}

/** dp becomes p·(dp - Σ dp·p), the gradient before the softmax. p, dp [rows, stride], p 0 in the padding. */
export function softmaxRowsGradient(p: usize, dp: usize, rows: i32, stride: i32): void {
  const width = <usize>stride << 2;
  for (let row = 0; row < rows; row++) {
    let total = f32x4.splat(0);
    for (let c: usize = 0; c < width; c += VECTOR) total = madd(v128.load(p + c), v128.load(dp + c), total);
    const dot = f32x4.splat(sumLanes(total));
    for (let c: usize = 0; c < width; c += VECTOR) {
      v128.store(dp + c, f32x4.mul(v128.load(p + c), f32x4.sub(v128.load(dp + c), dot)));
    }
    p += width;
    dp += width;
  }
}
