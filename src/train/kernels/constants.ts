// Constants in memory. V8 builds a vector of them anew wherever it is used, even in a loop, at three instructions or more; a
// load that repeats one number in all lanes is one, of 256 bits, too. Kernels take `constants()` once, outside their loops,
// and hand it on as `k`.

let table: usize = 0;

// Offsets in the table. Polynomials lie lowest power first, one number a power.
export const ONE: usize = 0 * 4;
export const HALF: usize = 1 * 4;
export const TWO: usize = 2 * 4;
export const THREE: usize = 3 * 4;
export const MINUS_THREE: usize = 4 * 4;
export const SIXTH: usize = 5 * 4;
export const EXP_LOW: usize = 6 * 4;
export const EXP_HIGH: usize = 7 * 4;
export const LOG2_E: usize = 8 * 4;
export const LN_2_HIGH: usize = 9 * 4;
export const LN_2_LOW: usize = 10 * 4;
/** The powers 2 to 7. */
export const EXP: usize = 11 * 4;
export const GELU_REACH: usize = 17 * 4;
/** Powers 0 to 6 over powers 0 to 4; the last power 0 is 1. */
export const GELU_OVER: usize = 18 * 4;
export const GELU_UNDER: usize = 25 * 4;
export const GELU_SLOPE_REACH: usize = 30 * 4;
/** Powers 0 to 6 over powers 0 to 5; the last power 0 is 1. */
export const GELU_SLOPE_OVER: usize = 31 * 4;
export const GELU_SLOPE_UNDER: usize = 38 * 4;

/** Bytes of the constants. */
export function constantBytes(): usize {
  return 44 * 4;
}

function put(constant: usize, value: f32): void {
  store<f32>(table + constant, value);
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
  put(EXP + 4, 1.6666665459e-1);
  put(EXP + 8, 4.1665795894e-2);
  put(EXP + 12, 8.3334519073e-3);
  put(EXP + 16, 1.3981999507e-3);
  put(EXP + 20, 1.98756915e-4);

  // Our own fits of least largest error; activation/gelu.ts says of what.
  put(GELU_REACH, 5.2);
  put(GELU_OVER, 0.398942216);
  put(GELU_OVER + 4, 0.0326513073);
  put(GELU_OVER + 8, 0.00429840894);
  put(GELU_OVER + 12, 1.37944166e-4);
  put(GELU_OVER + 16, 2.95413008e-6);
  put(GELU_OVER + 20, -2.28777151e-8);
  put(GELU_OVER + 24, 1.26795716e-10);
  put(GELU_UNDER, 1);
  put(GELU_UNDER + 4, 0.248510237);
  put(GELU_UNDER + 8, 0.0271951065);
  put(GELU_UNDER + 12, 0.00163970828);
  put(GELU_UNDER + 16, 5.21112597e-5);
  put(GELU_SLOPE_REACH, 5.8);
  put(GELU_SLOPE_OVER, 0.797885204);
  put(GELU_SLOPE_OVER + 4, -0.0317013656);
  put(GELU_SLOPE_OVER + 8, 0.0142075848);
  put(GELU_SLOPE_OVER + 12, 1.04235706e-5);
  put(GELU_SLOPE_OVER + 16, 3.50168632e-5);
  put(GELU_SLOPE_OVER + 20, 1.665322e-7);
  put(GELU_SLOPE_OVER + 24, 1.00624772e-10);
  put(GELU_SLOPE_UNDER, 1);
  put(GELU_SLOPE_UNDER + 4, 0.293608268);
  put(GELU_SLOPE_UNDER + 8, 0.0406599527);
  put(GELU_SLOPE_UNDER + 12, 0.00346812405);
  put(GELU_SLOPE_UNDER + 16, 1.88090095e-4);
  put(GELU_SLOPE_UNDER + 20, 8.43310102e-6);
}

/** Where the constants lie. */
// @ts-ignore: decorator
@inline
export function constants(): usize {
  return table;
}
