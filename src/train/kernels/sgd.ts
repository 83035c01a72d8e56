// One step of stochastic gradient descent, in place.
import { VECTOR, madd } from "./simd";

/**
 * g = gradient + decay·weight; velocity = momentum·velocity + g;
 * weight -= rate·velocity, or with nesterov rate·(g + momentum·velocity). All of `count` numbers, any count.
 */
export function sgd(
  weight: usize, gradient: usize, velocity: usize, count: i32, rate: f32, momentum: f32, decay: f32, nesterov: bool,
): void {
  let i = 0;
  const step = f32x4.splat(-rate);
  const keepV = f32x4.splat(momentum);
  const shrink = f32x4.splat(decay);
  for (; i + 4 <= count; i += 4) {
    const w = v128.load(weight);
    const g = madd(shrink, w, v128.load(gradient));
    const v = madd(keepV, v128.load(velocity), g);
    v128.store(velocity, v);
    v128.store(weight, madd(step, nesterov ? madd(keepV, v, g) : v, w));
    weight += VECTOR;
    gradient += VECTOR;
    velocity += VECTOR;
  }
  for (; i < count; i++) {
    const w = load<f32>(weight);
    const g = decay * w + load<f32>(gradient);
    const v = momentum * load<f32>(velocity) + g;
    store<f32>(velocity, v);
    store<f32>(weight, w - rate * (nesterov ? momentum * v + g : v));
    weight += 4;
    gradient += 4;
    velocity += 4;
  }
}
