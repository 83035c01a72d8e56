// One step of AdamW, in place.
import { VECTOR, madd } from "./simd";

/**
 * m = momentum·m + (1 - momentum)·g; s = keep·s + (1 - keep)·g²;
 * weight -= rate·(ofMean·m / (√(ofSquare·s) + epsilon) + decay·weight), where ofMean and ofSquare make up for the start
 * from 0. All of `count` numbers, any count.
 */
export function adamw(
  weight: usize, gradient: usize, means: usize, squares: usize, count: i32,
  rate: f32, momentum: f64, keep: f64, ofMean: f32, ofSquare: f32, epsilon: f32, decay: f32,
): void {
  const keepMean = <f32>momentum;
  const addMean = <f32>(1 - momentum);
  const keepSquare = <f32>keep;
  const addSquare = <f32>(1 - keep);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const w = v128.load(weight);
    const g = v128.load(gradient);
    const m = madd(f32x4.splat(addMean), g, f32x4.mul(f32x4.splat(keepMean), v128.load(means)));
    const s = madd(f32x4.mul(f32x4.splat(addSquare), g), g, f32x4.mul(f32x4.splat(keepSquare), v128.load(squares)));
    v128.store(means, m);
    v128.store(squares, s);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(f32x4.splat(ofSquare), s)), f32x4.splat(epsilon));
    const way = madd(f32x4.splat(decay), w, f32x4.div(f32x4.mul(f32x4.splat(ofMean), m), size));
    v128.store(weight, madd(f32x4.splat(-rate), way, w));
    weight += VECTOR;
    gradient += VECTOR;
    means += VECTOR;
    squares += VECTOR;
  }
  for (; i < count; i++) {
    const w = load<f32>(weight);
    const g = load<f32>(gradient);
    const m = addMean * g + keepMean * load<f32>(means);
    const s = addSquare * g * g + keepSquare * load<f32>(squares);
    store<f32>(means, m);
    store<f32>(squares, s);
    store<f32>(weight, w - rate * ((ofMean * m) / (sqrt<f32>(ofSquare * s) + epsilon) + decay * w));
    weight += 4;
    gradient += 4;
    means += 4;
    squares += 4;
  }
}
