import type { ComputeKind, Work } from "./work.js";

/**
 * How long a device takes for kernels, in a few numbers that mean something; all
 * are 0 or more, and rates and efficiencies above 0.
 *
 *     network = call + Σ kernels
 *     kernel  = overhead + layout, where it reorders + max(compute, memory)
 *     compute = MACs / (peak · efficiency of its kind), channels rounded up to the granularity
 *     memory  = weight bytes / weight bandwidth + feature bytes / feature bandwidth, none in passing
 *
 * Source of the form: Williams et al. 2009, Roofline, CACM 52(4), for each fused
 * kernel of Zhang et al. 2021, nn-Meter, MobiSys, with kernels run one after another.
 */
export interface KernelModel {
  /** Milliseconds of a call that no kernel accounts for. */
  readonly callMs: number;
  /** Milliseconds to start a kernel. */
  readonly kernelMs: number;
  /** Milliseconds more for a kernel that reorders its features, as layer norm and max-relative features do. */
  readonly layoutMs: number;
  /** Nominal multiply-accumulates a millisecond. */
  readonly peakMacsPerMs: number;
  /** Share of the peak that each kind of work reaches when nothing else holds it up. */
  readonly efficiency: Readonly<Record<ComputeKind, number>>;
  readonly weightBytesPerMs: number;
  readonly featureBytesPerMs: number;
  readonly bytesPerValue: number;
  /** Channels computed at once. */
  readonly granularity: number;
}

/** Milliseconds of one kernel. */
export function kernelMs(work: Work, model: KernelModel): number {
  const compute = work.kind === "move" ? 0 : work.macs / (model.peakMacsPerMs * model.efficiency[work.kind]);
  const features = work.inPassing ? 0 : work.features;
  const memory =
    (work.weights / model.weightBytesPerMs + features / model.featureBytesPerMs) * model.bytesPerValue;
  const overhead = work.reorders ? model.kernelMs + model.layoutMs : model.kernelMs;
  return overhead + Math.max(compute, memory);
}
