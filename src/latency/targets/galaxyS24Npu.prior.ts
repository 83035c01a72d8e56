import type { Prior } from "../fit.js";

/**
 * What is believed of the Snapdragon 8 Gen 3's Hexagon NPU before any network is timed.
 *
 * - peak       some 34 TOPS of 8 bits, two operations a multiply-accumulate; for float16 the same
 *              nominal rate, so that its efficiency says what is left of it
 * - efficiency half for convolutions that use the whole array, a twentieth for one filter a
 *              channel, a fifth for attention's small products; within a factor of two or three
 * - weights    streamed from LPDDR5X-9600 on 64 bits, 77 GB/s
 * - features   in the tightly coupled memory for the most part: some 200 GB/s, within a factor of three
 * - kernel     the network is one compiled graph: about two microseconds, within a factor of three
 * - layout     as on other accelerators, some 10 microseconds, within a factor of three
 * - call       half of what the fastest networks take in all: 0.45 ms in float16, 0.2 ms in 8 bits
 * - channels   computed 8 at once; that is a guess: 1 to 16 fit equally well, 32 a little worse
 */
const float: Prior = {
  model: {
    callMs: 0.25,
    kernelMs: 0.002,
    layoutMs: 0.01,
    peakMacsPerMs: 17e9,
    efficiency: { dense: 0.5, pointwise: 0.5, depthwise: 0.05, attention: 0.2 },
    weightBytesPerMs: 77e6,
    featureBytesPerMs: 200e6,
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

export const prior = {
  float,
  w8a8: { ...float, model: { ...float.model, callMs: 0.1, bytesPerValue: 1 } },
};
