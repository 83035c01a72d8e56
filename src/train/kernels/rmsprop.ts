// One step of RMSProp in TensorFlow's form, in place.
import { VECTOR, madd } from "./simd";

/**
 * g = gradient + decay·weight; s = keep·s + (1 - keep)·g²; velocity = momentum·velocity + rate·g / √(s + epsilon);
 * weight -= velocity. All of `count` numbers, any count.
 */
export function rmsprop(
  weight: usize, gradient: usize, squares: usize, velocity: usize, count: i32,
  rate: f32, momentum: f32, keep: f64, epsilon: f32, decay: f32,
): void {
  const keepSquare = <f32>keep;
  const add = <f32>(1 - keep);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const w = v128.load(weight);
    const g = madd(f32x4.splat(decay), w, v128.load(gradient));
    const s = madd(f32x4.mul(f32x4.splat(add), g), g, f32x4.mul(f32x4.splat(keepSquare), v128.load(squares)));
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), g), f32x4.sqrt(f32x4.add(s, f32x4.splat(epsilon))));
    const v = madd(f32x4.splat(momentum), v128.load(velocity), step);
    v128.store(squares, s);
    v128.store(velocity, v);
    v128.store(weight, f32x4.sub(w, v));
    weight += VECTOR;
    gradient += VECTOR;
    squares += VECTOR;
    velocity += VECTOR;
  }
  for (; i < count; i++) {
    const w = load<f32>(weight);
    const g = decay * w + load<f32>(gradient);
    const s = add * g * g + keepSquare * load<f32>(squares);
    const v = momentum * load<f32>(velocity) + (rate * g) / sqrt<f32>(s + epsilon);
    store<f32>(squares, s);
    store<f32>(velocity, v);
    store<f32>(weight, w - v);
    weight += 4;
    gradient += 4;
    squares += 4;
    velocity += 4;
  }
}
