// MobileViG's max-relative features of one image: the larger of 0 and x - roll(x, i) over shifts i along both sides.
// roll(x, i) at position p is x at p - i, round the end. The largest difference is x minus the smallest rolled value.
import { VECTOR } from "./simd";

/** x, y [height, width, channels]; channels % 4 = 0. */
export function maxRelative(x: usize, y: usize, height: i32, width: i32, channels: i32, step: i32): void {
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let c = 0; c < channels; c += 4) {
        const here = v128.load(x + (<usize>(row * line + column * channels + c) << 2));
        let least = here;
        for (let i = step; i < height; i += step) {
          const from = row >= i ? row - i : row - i + height;
          least = f32x4.pmin(least, v128.load(x + (<usize>(from * line + column * channels + c) << 2)));
        }
        for (let i = step; i < width; i += step) {
          const from = column >= i ? column - i : column - i + width;
          least = f32x4.pmin(least, v128.load(x + (<usize>(row * line + from * channels + c) << 2)));
        }
        v128.store(y, f32x4.sub(here, least));
        y += VECTOR;
      }
    }
  }
}

/**
 * dx += dy here and -dy where the smallest value was, the first of equals; nothing where no difference is above 0.
 * Shapes as in `maxRelative`; dx starts at 0.
 */
export function maxRelativeGradient(
  dy: usize, x: usize, dx: usize, height: i32, width: i32, channels: i32, step: i32,
): void {
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let c = 0; c < channels; c++) {
        const here = row * line + column * channels + c;
        let least = here;
        let value = load<f32>(x + (<usize>here << 2));
        for (let i = step; i < height; i += step) {
          const at = (row >= i ? row - i : row - i + height) * line + column * channels + c;
          const other = load<f32>(x + (<usize>at << 2));
          if (other < value) {
            value = other;
            least = at;
          }
        }
        for (let i = step; i < width; i += step) {
          const at = row * line + (column >= i ? column - i : column - i + width) * channels + c;
          const other = load<f32>(x + (<usize>at << 2));
          if (other < value) {
            value = other;
            least = at;
          }
        }
        if (least == here) continue;
        const g = load<f32>(dy + (<usize>here << 2));
        store<f32>(dx + (<usize>here << 2), load<f32>(dx + (<usize>here << 2)) + g);
        store<f32>(dx + (<usize>least << 2), load<f32>(dx + (<usize>least << 2)) - g);
      }
    }
  }
}
