import type { Prior } from "../fit.js";
import { prior as s24 } from "./galaxyS24Npu.prior.js";

/**
 * What is believed of the Snapdragon 8 Elite's Hexagon NPU before any network is timed: as of the
 * 8 Gen 3's, but for a peak of some 45 TOPS and LPDDR5X-10600, 85 GB/s.
 */
const faster = ({ model, ...rest }: Prior): Prior => ({
  ...rest,
  model: { ...model, peakMacsPerMs: 22.5e9, weightBytesPerMs: 85e6 },
});

export const prior = { float: faster(s24.float), w8a8: faster(s24.w8a8) };
