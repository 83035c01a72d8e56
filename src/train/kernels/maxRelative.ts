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
      for (let c = 0; c < channels; c += 4) {
        const here = (row * line + column * channels + c) << 2;
        let least = v128.load(x + here);
        let where = i32x4.splat(here);
        for (let i = step; i < height; i += step) {
          const at = ((row >= i ? row - i : row - i + height) * line + column * channels + c) << 2;
          const other = v128.load(x + at);
          const less = f32x4.lt(other, least);
          least = v128.bitselect(other, least, less);
          where = v128.bitselect(i32x4.splat(at), where, less);
        }
        for (let i = step; i < width; i += step) {
          const at = (row * line + (column >= i ? column - i : column - i + width) * channels + c) << 2;
          const other = v128.load(x + at);
          const less = f32x4.lt(other, least);
          least = v128.bitselect(other, least, less);
          where = v128.bitselect(i32x4.splat(at), where, less);
        }
        take(dy, dx, here, i32x4.extract_lane(where, 0));
        take(dy + 4, dx + 4, here, i32x4.extract_lane(where, 1));
        take(dy + 8, dx + 8, here, i32x4.extract_lane(where, 2));
        take(dy + 12, dx + 12, here, i32x4.extract_lane(where, 3));
      }
    }
  }
}

/** Give a gradient to the place it was for, and take it from where the smallest value was; nothing where that is the same. */
// @ts-ignore: decorator
@inline
function take(dy: usize, dx: usize, here: i32, least: i32): void {
  if (least == here) return;
  const g = load<f32>(dy + here);
  store<f32>(dx + here, load<f32>(dx + here) + g);
  store<f32>(dx + least, load<f32>(dx + least) - g);
}
