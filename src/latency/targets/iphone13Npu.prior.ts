import type { Prior } from "../fit.js";

/**
 * What is believed of the A15's Neural Engine before any network is timed.
 *
 * - peak       15.8 TOPS as Apple states, two operations a multiply-accumulate
 * - efficiency two fifths for convolutions that use the whole array, a twentieth for
 *              one filter a channel, a fifth for attention's small products; within a factor of two or three
 * - weights    streamed from LPDDR4X-4266 on 64 bits, 34 GB/s, more where the system cache holds them
 * - features   mostly on chip: some 100 GB/s, within a factor of three
 * - kernel     the network is one compiled program, so about a microsecond, within a factor of three
 * - layout     iFormer's ablation saves 0.31 ms with batch norm in place of some 17 layer
 *              norms, EfficientMod's 0.3 ms; so 10 to 20 microseconds, within a factor of three
 * - call       the fastest networks take 0.45 to 0.6 ms in all, so a good half of that
 * - channels   computed 8 at once; that is a guess, and 1 to 16 fit equally well
 */
export const prior: Prior = {
  model: {
    callMs: 0.35,
    kernelMs: 0.001,
    layoutMs: 0.01,
    peakMacsPerMs: 7.9e9,
    efficiency: { dense: 0.4, pointwise: 0.4, depthwise: 0.05, attention: 0.2 },
    weightBytesPerMs: 34e6,
    featureBytesPerMs: 100e6,
    bytesPerValue: 2,
    granularity: 8,
  },
  deviation: {
    callMs: 0.5,
    kernelMs: 1,
    layoutMs: 1,
    dense: 0.7,
    pointwise: 0.7,
    depthwise: 1,
    attention: 1,
    weightBytesPerMs: 0.5,
    featureBytesPerMs: 1,
  },
  offsetDeviation: 0.2,
  noise: 0.1,
};
