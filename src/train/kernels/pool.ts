// Mean over kernel × kernel windows without padding, of one image.
import { VECTOR, madd } from "./simd";

/** x [height, width, channels] → y [outHeight, outWidth, channels]; channels % 4 = 0. */
export function averageWindows(
  x: usize, width: i32, channels: i32, kernel: i32, step: i32, outHeight: i32, outWidth: i32, y: usize,
): void {
  const share = f32x4.splat(1 / <f32>(kernel * kernel));
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c += 4) {
        let total = f32x4.splat(0);
        for (let ky = 0; ky < kernel; ky++) {
          let from = x + (<usize>(((oy * step + ky) * width + ox * step) * channels + c) << 2);
          for (let kx = 0; kx < kernel; kx++, from += <usize>channels << 2) total = f32x4.add(total, v128.load(from));
        }
        v128.store(y, f32x4.mul(total, share));
        y += VECTOR;
      }
    }
  }
}

/** dx += dy / kernel² at every position of each window. Shapes as in `averageWindows`; dx starts at 0. */
export function averageWindowsGradient(
  dy: usize, width: i32, channels: i32, kernel: i32, step: i32, outHeight: i32, outWidth: i32, dx: usize,
): void {
  const share = f32x4.splat(1 / <f32>(kernel * kernel));
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c += 4) {
        const g = v128.load(dy);
        for (let ky = 0; ky < kernel; ky++) {
          let to = dx + (<usize>(((oy * step + ky) * width + ox * step) * channels + c) << 2);
          for (let kx = 0; kx < kernel; kx++, to += <usize>channels << 2) v128.store(to, madd(g, share, v128.load(to)));
        }
        dy += VECTOR;
      }
    }
  }
}
