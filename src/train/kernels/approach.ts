// One step of an exponential moving average, in place.
import { VECTOR, madd } from "./simd";

/** average += share·(x - average), `count` numbers, any count. */
export function approach(average: usize, x: usize, share: f32, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const a = v128.load(average);
    v128.store(average, madd(f32x4.splat(share), f32x4.sub(v128.load(x), a), a));
    average += VECTOR;
    x += VECTOR;
  }
  for (; i < count; i++) {
    const a = load<f32>(average);
    store<f32>(average, share * (load<f32>(x) - a) + a);
    average += 4;
    x += 4;
  }
}
