// Reading a tensor that still has an affine map and an activation to come: y = act(factor·x + shift), by channel.
import { GELU, HARD_SIGMOID, HARD_SWISH, NONE, RELU, RELU6, SIGMOID, SILU, activate } from "./activation";
import { VECTOR, madd } from "./simd";

// @ts-ignore: decorator
@inline
function rowsWith(act: i32, x: usize, factor: usize, shift: usize, y: usize, rows: i32, channels: i32): void {
  const width = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    for (let c: usize = 0; c < width; c += VECTOR) {
      v128.store(y + c, activate(act, madd(v128.load(x + c), v128.load(factor + c), v128.load(shift + c))));
    }
    x += width;
    y += width;
  }
}

/** y = act(factor·x + shift). x, y [rows, channels]; factor, shift [channels]; channels % 4 = 0. y may be x. */
export function affineRows(
  act: i32, x: usize, factor: usize, shift: usize, y: usize, rows: i32, channels: i32,
): void {
  if (act == RELU) rowsWith(RELU, x, factor, shift, y, rows, channels);
  else if (act == RELU6) rowsWith(RELU6, x, factor, shift, y, rows, channels);
  else if (act == HARD_SWISH) rowsWith(HARD_SWISH, x, factor, shift, y, rows, channels);
  else if (act == HARD_SIGMOID) rowsWith(HARD_SIGMOID, x, factor, shift, y, rows, channels);
  else if (act == GELU) rowsWith(GELU, x, factor, shift, y, rows, channels);
  else if (act == SILU) rowsWith(SILU, x, factor, shift, y, rows, channels);
  else if (act == SIGMOID) rowsWith(SIGMOID, x, factor, shift, y, rows, channels);
  else rowsWith(NONE, x, factor, shift, y, rows, channels);
}
