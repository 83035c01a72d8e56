// Windows of a map as the rows of a matrix, and the sum back. Maps are padded: a border of zeros stands round them.
import { copyRun } from "./copy";
import { VECTOR } from "./simd";

/**
 * Copy an image into a padded map, or out of it, `top` rows down and `left` columns in; the border is not touched.
 * image [height, width, channels]; map [.., mapWidth, channels].
 */
export function intoPadded(
  image: usize, map: usize, height: i32, width: i32, channels: i32, mapWidth: i32, top: i32, left: i32,
): void {
  const line = <usize>(width * channels) << 2;
  const step = <usize>(mapWidth * channels) << 2;
  let to = map + <usize>top * step + (<usize>(left * channels) << 2);
  for (let y = 0; y < height; y++) {
    memory.copy(to, image, line);
    image += line;
    to += step;
  }
}

export function outOfPadded(
  map: usize, image: usize, height: i32, width: i32, channels: i32, mapWidth: i32, top: i32, left: i32,
): void {
  const line = <usize>(width * channels) << 2;
  const step = <usize>(mapWidth * channels) << 2;
  let from = map + <usize>top * step + (<usize>(left * channels) << 2);
  for (let y = 0; y < height; y++) {
    memory.copy(image, from, line);
    image += line;
    from += step;
  }
}

/**
 * Rows `first` to `first + count` of the matrix of windows: for each output position, row by row of the image, the
 * `channels` numbers from `channel` on under each tap; taps row by row, each filled up with zeros to `stride` numbers.
 * map [.., mapWidth, mapChannels], padded; outWidth positions a row; out [count, high, wide, stride], where the kernel is
 * `high` by `wide` taps.
 */
export function unfold(
  map: usize, mapWidth: i32, mapChannels: i32, channel: i32, channels: i32, stride: i32,
  high: i32, wide: i32, step: i32, dilation: i32, outWidth: i32, first: i32, count: i32, out: usize,
): void {
  const tap = <usize>stride << 2;
  const whole = dilation == 1 && channels == stride && channels == mapChannels;
  for (let i = first; i < first + count; i++) {
    const y = i / outWidth;
    const x = i - y * outWidth;
    for (let ky = 0; ky < high; ky++) {
      let from = map + (<usize>(((y * step + ky * dilation) * mapWidth + x * step) * mapChannels + channel) << 2);
      if (whole) {
        copyRun(from, out, wide * stride);
        out += tap * wide;
        continue;
      }
      for (let kx = 0; kx < wide; kx++) {
        if (channels < stride) v128.store(out + tap - VECTOR, f32x4.splat(0));
        copyRun(from, out, channels);
        from += <usize>(dilation * mapChannels) << 2;
        out += tap;
      }
    }
  }
}

/** The way back: add each tap's numbers to the map where `unfold` took them from. */
export function fold(
  rows: usize, mapWidth: i32, mapChannels: i32, channel: i32, channels: i32, stride: i32,
  high: i32, wide: i32, step: i32, dilation: i32, outWidth: i32, first: i32, count: i32, map: usize,
): void {
  const tap = <usize>stride << 2;
  for (let i = first; i < first + count; i++) {
    const y = i / outWidth;
    const x = i - y * outWidth;
    for (let ky = 0; ky < high; ky++) {
      let to = map + (<usize>(((y * step + ky * dilation) * mapWidth + x * step) * mapChannels + channel) << 2);
      for (let kx = 0; kx < wide; kx++) {
        let c = 0;
        for (; c + 4 <= channels; c += 4) {
          const at = <usize>c << 2;
          v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(rows + at)));
        }
        for (; c < channels; c++) {
          const at = <usize>c << 2;
          store<f32>(to + at, load<f32>(to + at) + load<f32>(rows + at));
        }
        to += <usize>(dilation * mapChannels) << 2;
        rows += tap;
      }
    }
  }
}
