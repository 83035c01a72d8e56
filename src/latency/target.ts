import type { Node } from "../graph/node.js";
import type { BlockTable } from "./blocks.js";
import type { KernelModel } from "./model.js";
import type { LatencyTable } from "./table.js";
import type { Calibration } from "./tableModel.js";
import type { Timed } from "./timed.js";

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
  /** How many latencies. */
  readonly n: number;
  /** Root of the mean squared ln(predicted / measured). */
  readonly rmsLog: number;
  /** Mean of |predicted / measured - 1|. */
  readonly mape: number;
}

/** How far predictions of a target were off, on networks its fit had and had not seen. */
export interface TargetError {
  /** Networks of the protocol, all of them in the fit. */
  readonly inSample: ErrorSummary;
  /** Networks of the protocol that were left out of the fit that predicted them. */
  readonly networkOut: ErrorSummary;
  /** `networkOut` of ln ms = a + b ln MACs + c ln params on the protocol's rows. */
  readonly baseline: ErrorSummary;
}

/** Errors of a kernel model; `networkOut` leaves out each network in turn. */
export interface KernelError extends TargetError {
  /** Networks of the protocol, each predicted by a fit without any row of its family. */
  readonly familyOut: ErrorSummary;
  /** `networkOut` of rows of other sources, their source's offset taken away. */
  readonly otherSources: ErrorSummary;
  /** `networkOut` of each family; a network the protocol does not have counts with the first of its other rows. */
  readonly families: readonly ({ readonly family: string } & ErrorSummary)[];
}

/** The error bar of a prediction: ms · exp(±halfWidth). */
export interface Interval {
  /** Share of networks it is meant to hold for. */
  readonly level: number;
  /** The split conformal quantile of `networkOut` errors, one a network. */
  readonly halfWidth: number;
}

/** The error bar of a kernel model, which answers outside its validity, too. */
export interface KernelInterval extends Interval {
  /** Outside the validity, before anything is added for size: the worst `familyOut` error of any network. */
  readonly halfWidthOutside: number;
}

/** One measured latency that a fit used. */
export interface FittedRow {
  readonly network: string;
  readonly family: string;
  readonly source: string;
  readonly ms: number;
  /** By the fit, for this source. */
  readonly fittedMs: number;
  /** By a fit without any row of this network, for this source. */
  readonly heldOutMs: number;
  /** Where the fitted time goes, 0..1 each, in all 1. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What `fitKernelModel` finds: a model, where it holds and how well. */
export interface Fit {
  readonly model: KernelModel;
  readonly validity: Validity;
  readonly error: KernelError;
  readonly interval: KernelInterval;
  /** ln of how many times slower each source measures than the protocol. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly rows: readonly FittedRow[];
}

/** What `fitBlockTable` finds: a table and how well it adds up. */
export interface BlockFit {
  readonly table: BlockTable;
  readonly error: TargetError;
  readonly interval: Interval;
  /** Measured milliseconds of networks left out of the fit; the target's `heldOut` says which. */
  readonly heldOutMs: readonly number[];
}

/** A device with its software, and how its latencies came about. */
interface Device {
  readonly title: string;
  readonly device: string;
  readonly soc: string;
  readonly os: string;
  readonly runtime: string;
  readonly dtype: string;
  /** Whose way of measuring the predictions stand for. */
  readonly protocol: string;
  /** A word for it: `NAME@WORD` is the target's full name. */
  readonly protocolName?: string;
  /** Where the measurements come from. */
  readonly source: string;
}

/** A device with a model of its kernels: predicts any network. */
export interface KernelTarget extends Device, Fit {
  readonly kind: "kernels";
  /** The protocol's networks whose errors are told together. */
  readonly groups?: readonly { readonly title: string; readonly networks: readonly string[] }[];
  /** Sources of published latencies that validation shows beside predictions. */
  readonly shown?: readonly string[];
}

/** A device with a table of one space's blocks: predicts the genomes of that space, and nothing else. */
export interface BlockTarget extends Device, BlockFit {
  readonly kind: "blocks";
  /** Which form of the space's networks was measured, as it is not the deployed one; for eyes. */
  readonly form: string;
  /** Networks of the space that were left out of the fit, one a measurement of `heldOutMs`: a digit a layer. */
  readonly heldOut: readonly string[];
}

/** A device with a table of measured kernels: predicts any network, and says which kernels the table lacks. */
export interface MeasuredTarget extends Device {
  readonly kind: "measured";
  readonly table: LatencyTable;
  /** How rows add up to a network. */
  readonly model: Calibration;
  readonly error: TargetError;
  readonly interval: Calibration["interval"];
  /** The kernels of a network, or of a piece of one that ends where a part does, as the table has them. */
  time(out: Node): readonly Timed[];
}

/** A device with its software and measuring protocol, and a model of its latency. */
export type Target = KernelTarget | BlockTarget | MeasuredTarget;
