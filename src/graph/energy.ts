import type { Cost } from "./cost.js";

/** Picojoules of a float32 multiply, 3.7, and an add, 0.9. */
const picojoulesPerMac = 4.6;
/** Picojoules of a byte read from DRAM or written to it: 640 a word of four. */
const picojoulesPerByte = 160;

/**
 * Energy proxy of one forward pass: 4.6 pJ a multiply-accumulate and 160 pJ a byte that kernels read or
 * write, weights included. A rule of thumb for float32 in 45 nm silicon with all of it in DRAM: it ranks
 * networks by work and movement together, and is neither measured nor of any device.
 *
 * @param cost  of a network in float32
 * @returns     millijoules, above 0 for what computes or moves anything
 *
 * Source: Horowitz 2014, Computing's energy problem, ISSCC, for the arithmetic; Han et al. 2016, EIE,
 * arXiv:1602.01528, Table I, for DRAM.
 */
export const energyMj = ({ macs, trafficBytes }: Pick<Cost, "macs" | "trafficBytes">): number =>
  (picojoulesPerMac * macs + picojoulesPerByte * trafficBytes) * 1e-9;
