import type { Prior } from "../fit.js";
import { prior as a15 } from "./iphone13Npu.prior.js";

/**
 * What is believed of the A14's Neural Engine under iOS 16 before any network is timed: what is of
 * the A15's, but for
 *
 * - peak       11 TOPS as Apple states, two operations a multiply-accumulate
 * - layout     RepViT's table has FastViT-S12 at 1.5 and SA12, with two attentions, at 1.8 ms; so 100
 *              microseconds or more, within a factor of three
 * - call       the fastest networks take 0.6 ms in all, and a good half of that
 */
export const prior: Prior = {
  ...a15,
  model: { ...a15.model, callMs: 0.4, layoutMs: 0.1, peakMacsPerMs: 5.5e9 },
};
