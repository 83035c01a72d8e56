// Constants as vectors in memory. V8 builds a constant anew wherever it is used, even in a loop, at three instructions or
// more; a load is one. Kernels take `constants()` once, outside their loops, and hand it on as `k`.

let table: usize = 0;

// Offsets in the table. Polynomials lie lowest power first, one vector a power.
export const ONE: usize = 0 * 16;
export const HALF: usize = 1 * 16;
export const TWO: usize = 2 * 16;
export const THREE: usize = 3 * 16;
export const MINUS_THREE: usize = 4 * 16;
export const SIXTH: usize = 5 * 16;
export const EXP_LOW: usize = 6 * 16;
export const EXP_HIGH: usize = 7 * 16;
export const LOG2_E: usize = 8 * 16;
export const LN_2_HIGH: usize = 9 * 16;
export const LN_2_LOW: usize = 10 * 16;
/** The powers 2 to 7. */
export const EXP: usize = 11 * 16;
export const GELU_REACH: usize = 17 * 16;
/** Powers 0 to 6 over powers 0 to 4; the last power 0 is 1. */
export const GELU_OVER: usize = 18 * 16;
export const GELU_UNDER: usize = 25 * 16;
export const GELU_SLOPE_REACH: usize = 30 * 16;
/** Powers 0 to 6 over powers 0 to 5; the last power 0 is 1. */
export const GELU_SLOPE_OVER: usize = 31 * 16;
export const GELU_SLOPE_UNDER: usize = 38 * 16;

/** Bytes of the constants. */
export function constantBytes(): usize {
  return 44 * 16;
}

function put(constant: usize, value: f32): void {
  v128.store(table + constant, f32x4.splat(value));
}

/** Write the constants to `at`, memory that stays theirs. Before any other kernel. */
export function placeConstants(at: usize): void {
  table = at;
  put(ONE, 1);
  put(HALF, 0.5);
  put(TWO, 2);
  put(THREE, 3);
  put(MINUS_THREE, -3);
  put(SIXTH, 1.0 / 6.0);

  // Cephes, expf.
  put(EXP_LOW, -60);
  put(EXP_HIGH, 60);
  put(LOG2_E, 1.44269504088896341);
  put(LN_2_HIGH, -0.693359375);
  put(LN_2_LOW, 2.1219444e-4);
  put(EXP, 5.0000001201e-1);
  put(EXP + 16, 1.6666665459e-1);
  put(EXP + 32, 4.1665795894e-2);
  put(EXP + 48, 8.3334519073e-3);
  put(EXP + 64, 1.3981999507e-3);
  put(EXP + 80, 1.98756915e-4);

  // Our own fits of least largest error; activation/gelu.ts says of what.
  put(GELU_REACH, 5.2);
  put(GELU_OVER, 0.398942216);
  put(GELU_OVER + 16, 0.0326513073);
  put(GELU_OVER + 32, 0.00429840894);
  put(GELU_OVER + 48, 1.37944166e-4);
  put(GELU_OVER + 64, 2.95413008e-6);
  put(GELU_OVER + 80, -2.28777151e-8);
  put(GELU_OVER + 96, 1.26795716e-10);
  put(GELU_UNDER, 1);
  put(GELU_UNDER + 16, 0.248510237);
  put(GELU_UNDER + 32, 0.0271951065);
  put(GELU_UNDER + 48, 0.00163970828);
  put(GELU_UNDER + 64, 5.21112597e-5);
  put(GELU_SLOPE_REACH, 5.8);
  put(GELU_SLOPE_OVER, 0.797885204);
  put(GELU_SLOPE_OVER + 16, -0.0317013656);
  put(GELU_SLOPE_OVER + 32, 0.0142075848);
  put(GELU_SLOPE_OVER + 48, 1.04235706e-5);
  put(GELU_SLOPE_OVER + 64, 3.50168632e-5);
  put(GELU_SLOPE_OVER + 80, 1.665322e-7);
  put(GELU_SLOPE_OVER + 96, 1.00624772e-10);
  put(GELU_SLOPE_UNDER, 1);
  put(GELU_SLOPE_UNDER + 16, 0.293608268);
  put(GELU_SLOPE_UNDER + 32, 0.0406599527);
  put(GELU_SLOPE_UNDER + 48, 0.00346812405);
  put(GELU_SLOPE_UNDER + 64, 1.88090095e-4);
  put(GELU_SLOPE_UNDER + 80, 8.43310102e-6);
}

/** Where the constants lie. */
// @ts-ignore: decorator
@inline
export function constants(): usize {
  return table;
}
