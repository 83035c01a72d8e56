// Constants as vectors in memory. V8 builds a constant anew wherever it is used, even in a loop, at three instructions or
// more; a load is one. Kernels take `constants()` once, outside their loops, and hand it on as `k`.

let table: usize = 0;

// Offsets in the table.
export const ONE: usize = 0 * 16;
export const TWO: usize = 1 * 16;
export const THREE: usize = 2 * 16;
export const MINUS_THREE: usize = 23 * 16;
export const SIXTH: usize = 3 * 16;
export const MINUS_HALF: usize = 4 * 16;
export const BELL_HEIGHT: usize = 5 * 16;
export const ERFC_P: usize = 6 * 16;
export const ERFC_A1: usize = 7 * 16;
export const ERFC_A2: usize = 8 * 16;
export const ERFC_A3: usize = 9 * 16;
export const ERFC_A4: usize = 10 * 16;
export const ERFC_A5: usize = 11 * 16;
export const EXP_LOW: usize = 12 * 16;
export const EXP_HIGH: usize = 13 * 16;
export const LOG2_E: usize = 14 * 16;
export const LN_2_HIGH: usize = 15 * 16;
export const LN_2_LOW: usize = 16 * 16;
export const EXP_2: usize = 17 * 16;
export const EXP_3: usize = 18 * 16;
export const EXP_4: usize = 19 * 16;
export const EXP_5: usize = 20 * 16;
export const EXP_6: usize = 21 * 16;
export const EXP_7: usize = 22 * 16;

function put(constant: usize, value: f32): void {
  v128.store(table + constant, f32x4.splat(value));
}

/** Write the constants to `at`, 24 vectors of memory that stays theirs. Before any other kernel. */
export function placeConstants(at: usize): void {
  table = at;
  put(ONE, 1);
  put(TWO, 2);
  put(THREE, 3);
  put(MINUS_THREE, -3);
  put(SIXTH, 1.0 / 6.0);
  put(MINUS_HALF, -0.5);
  // 1 / √(2π)
  put(BELL_HEIGHT, 0.398942280401432678);
  // Abramowitz and Stegun 7.1.26, p over √2 and the a over 2
  put(ERFC_P, 0.3275911 * 0.70710678118654752);
  put(ERFC_A1, 0.5 * 0.254829592);
  put(ERFC_A2, 0.5 * -0.284496736);
  put(ERFC_A3, 0.5 * 1.421413741);
  put(ERFC_A4, 0.5 * -1.453152027);
  put(ERFC_A5, 0.5 * 1.061405429);
  // Cephes, expf
  put(EXP_LOW, -60);
  put(EXP_HIGH, 60);
  put(LOG2_E, 1.44269504088896341);
  put(LN_2_HIGH, -0.693359375);
  put(LN_2_LOW, 2.1219444e-4);
  put(EXP_2, 5.0000001201e-1);
  put(EXP_3, 1.6666665459e-1);
  put(EXP_4, 4.1665795894e-2);
  put(EXP_5, 8.3334519073e-3);
  put(EXP_6, 1.3981999507e-3);
  put(EXP_7, 1.98756915e-4);
}

/** Where the constants lie. */
// @ts-ignore: decorator
@inline
export function constants(): usize {
  return table;
}
