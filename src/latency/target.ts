import type { KernelModel } from "./model.js";

/** Smallest and largest value seen in a fit. */
export type Range = readonly [least: number, most: number];

/** What the networks of a fit were like; a network outside is extrapolated. */
export interface Validity {
  readonly macs: Range;
  readonly params: Range;
  readonly kernels: Range;
  /** Pixels across the input. */
  readonly resolution: Range;
  /** Most channels of any feature map. */
  readonly channels: Range;
  /** Pixels across the largest convolution kernel, its gaps not counted. */
  readonly kernelSize: Range;
  /** Traits of operators, as `traits` of coverage.ts names them. */
  readonly traits: readonly string[];
}

/** Errors of predictions against measured latencies. */
export interface ErrorSummary {
  /** Networks. */
  readonly n: number;
  /** Root of the mean squared ln(predicted / measured). */
  readonly rmsLog: number;
  /** Mean of |predicted / measured - 1|. */
  readonly mape: number;
}

/** How far predictions of a target were off, on networks its fit had and had not seen. */
export interface TargetError {
  readonly inSample: ErrorSummary;
  /** Each network predicted by a fit without any row of it. */
  readonly networkOut: ErrorSummary;
  /** Each network predicted by a fit without any row of its family. */
  readonly familyOut: ErrorSummary;
  /** `networkOut` of each family. */
  readonly families: readonly ({ readonly family: string } & ErrorSummary)[];
  /** `networkOut` of ln ms = a + b ln MACs + c ln params on the same rows. */
  readonly baseline: ErrorSummary;
}

/** The error bar of a prediction: ms · exp(±halfWidth). */
export interface Interval {
  /** Share of networks it is meant to hold for. */
  readonly level: number;
  /** Within the validity. */
  readonly halfWidth: number;
  /** Outside it, before the distance from it is added. */
  readonly halfWidthOutside: number;
}

/** A device with its software and measuring protocol, and a model of its latency. */
export interface Target {
  readonly title: string;
  readonly device: string;
  readonly soc: string;
  readonly os: string;
  readonly runtime: string;
  readonly dtype: string;
  /** Whose way of measuring the numbers stand for. */
  readonly protocol: string;
  /** Where the measurements come from. */
  readonly source: string;
  readonly model: KernelModel;
  readonly validity: Validity;
  readonly error: TargetError;
  readonly interval: Interval;
}
