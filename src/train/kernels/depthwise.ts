// Depthwise convolution, four or eight channels at a time: a plane holds as many of one padded image, [height, width, 4 or 8].
import { VECTOR, madd } from "./simd";

/**
 * Deal an image out to planes. image [height, width, channels]; plane g, `planeSize` bytes after plane g - 1, takes channels
 * 4g to 4g + 3, or with two vectors 8g to 8g + 7; the first position lies `offset` bytes inside, rows are `pitch` and
 * positions `step` bytes apart.
 */
export function toPlanes(
  image: usize, height: i32, width: i32, channels: i32,
  planes: usize, planeSize: usize, offset: usize, pitch: usize, step: usize, vectors: i32,
): void {
  const length = <usize>channels << 2;
  for (let y = 0; y < height; y++) {
    let to = planes + offset + <usize>y * pitch;
    for (let x = 0; x < width; x++) {
      const end = image + length;
      let plane = to;
      if (vectors == 2) {
        for (; image < end; image += 2 * VECTOR) {
          const low = v128.load(image);
          const high = v128.load(image, VECTOR);
          v128.store(plane, low);
          v128.store(plane, high, VECTOR);
          plane += planeSize;
        }
      } else {
        for (; image < end; image += VECTOR) {
          v128.store(plane, v128.load(image));
          plane += planeSize;
        }
      }
      to += step;
    }
  }
}

/**
 * out[y, x] = Σ over taps of weight·plane, for a grid of positions of every plane of four channels.
 * The window of the first position starts `offset` bytes inside a plane, the next ones `downStep` and `rightStep` bytes on.
 * A tap is two i32: bytes from the window's start to the input, bytes from `weights` to the weights of channel 0.
 * Results are `downOut` and `rightOut` bytes apart, four channels of each plane side by side.
 */
export function correlate(
  planes: usize, planeSize: usize, offset: usize, downStep: usize, rightStep: usize, taps: usize, tapCount: i32,
  weights: usize, out: usize, downOut: usize, rightOut: usize, rows: i32, columns: i32, groups: i32,
): void {
  const end = taps + (<usize>tapCount << 3);
  for (let y = 0; y < rows; y++) {
    for (let g = 0; g < groups; g++) {
      let from = planes + <usize>g * planeSize + offset + <usize>y * downStep;
      let to = out + <usize>y * downOut + <usize>g * VECTOR;
      const w = weights + <usize>g * VECTOR;
      let x = 0;
      for (; x + 4 <= columns; x += 4) {
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        for (let tap = taps; tap < end; tap += 8) {
          let at = from + load<i32>(tap);
          const weight = v128.load(w + load<i32>(tap, 4));
          s0 = madd(v128.load(at), weight, s0);
          at += rightStep;
          s1 = madd(v128.load(at), weight, s1);
          at += rightStep;
          s2 = madd(v128.load(at), weight, s2);
          at += rightStep;
          s3 = madd(v128.load(at), weight, s3);
        }
        v128.store(to, s0);
        to += rightOut;
        v128.store(to, s1);
        to += rightOut;
        v128.store(to, s2);
        to += rightOut;
        v128.store(to, s3);
        to += rightOut;
        from += rightStep << 2;
      }
      for (; x < columns; x++) {
        let s = f32x4.splat(0);
        for (let tap = taps; tap < end; tap += 8) {
          s = madd(v128.load(from + load<i32>(tap)), v128.load(w + load<i32>(tap, 4)), s);
        }
        v128.store(to, s);
        to += rightOut;
        from += rightStep;
      }
    }
  }
}

/**
 * For each tap, weights += Σ over a grid of positions of input·gradient.
 * Input planes as in `correlate`; gradient planes [rows, columns] with rows `gradientPitch` bytes apart.
 * Two sums a tap, of even and odd positions, so that additions overlap.
 */
export function correlateGradient(
  planes: usize, planeSize: usize, downStep: usize, rightStep: usize, taps: usize, tapCount: i32,
  gradients: usize, gradientSize: usize, gradientPitch: usize, weights: usize, rows: i32, columns: i32, groups: i32,
): void {
  const end = taps + (<usize>tapCount << 3);
  for (let g = 0; g < groups; g++) {
    const plane = planes + <usize>g * planeSize;
    const gradient = gradients + <usize>g * gradientSize;
    for (let tap = taps; tap < end; tap += 8) {
      const w = weights + <usize>g * VECTOR + load<i32>(tap, 4);
      let even = v128.load(w);
      let odd = f32x4.splat(0);
      for (let y = 0; y < rows; y++) {
        let from = plane + load<i32>(tap) + <usize>y * downStep;
        let at = gradient + <usize>y * gradientPitch;
        let x = 0;
        for (; x + 2 <= columns; x += 2) {
          even = madd(v128.load(from), v128.load(at), even);
          odd = madd(v128.load(from + rightStep), v128.load(at, 16), odd);
          from += rightStep << 1;
          at += 32;
        }
        if (x < columns) even = madd(v128.load(from), v128.load(at), even);
      }
      v128.store(w, f32x4.add(even, odd));
    }
  }
}
