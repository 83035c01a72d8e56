import type { Epoch } from "../train/fit.js";

/** What is known of a network before any training: its deployed form's cost and latency. */
export interface Measure {
  readonly latencyMs: number;
  readonly latencyLowMs: number;
  readonly latencyHighMs: number;
  readonly latencyKind: "predicted" | "extrapolated";
  readonly params: number;
  readonly macs: number;
  readonly peakActivationBytes: number;
  /** Energy proxy: of work and bytes moved, not measured. */
  readonly energyMj: number;
}

/** How a trial ended. Only `scored` has an accuracy, and only `rated` a score; the others say why not. */
export type Outcome =
  | {
      readonly status: "scored";
      readonly why: null;
      /** On the validation split, 0..1. */
      readonly accuracy: number;
      readonly accuracyKind: "proxy";
      readonly score: null;
      /** Of the proxy network's training, epoch by epoch. */
      readonly epochs: readonly Epoch[];
      /** What trained it: name, version, SIMD level. */
      readonly engine: string;
      readonly seconds: number;
    }
  | {
      /** Not trained: ranked by the zero-cost proxy that the run is after. */
      readonly status: "rated";
      readonly why: null;
      readonly accuracy: null;
      readonly accuracyKind: null;
      /** By that proxy: higher is better, and it is no accuracy. */
      readonly score: number;
      readonly epochs: readonly Epoch[];
      /** What computed it; null where nothing had to run. */
      readonly engine: string | null;
      readonly seconds: number;
    }
  | {
      /** Skipped: too slow, so never trained. Failed: training did not end well. */
      readonly status: "skipped" | "failed";
      readonly why: string;
      readonly accuracy: null;
      readonly accuracyKind: null;
      readonly score: null;
      readonly epochs: readonly Epoch[];
      readonly engine: string | null;
      readonly seconds: number;
    };

/** One question the plan asked and its answer. */
export type Trial = {
  /** Ask order, from 0. */
  readonly number: number;
  /** Canonical line. */
  readonly genome: string;
  readonly hash: string;
  /** Candidates over the limit that were drawn, and rejected by the estimate, before this one. */
  readonly rejected: number;
  /** The earlier trial whose answer this one shares, being the same network. */
  readonly duplicateOf: number | null;
  /** Epochs of training that a schedule asked for; null for all that the run has. */
  readonly askedEpochs: number | null;
  /** As of a measure; null in ledgers older than it. */
  readonly energyMj: number | null;
} & Omit<Measure, "energyMj"> &
  Outcome;

/** What a strategy is told of a trial; an answer of a benchmark has no more. */
export type Told = Pick<Trial, "number" | "genome" | "status" | "accuracy"> &
  Partial<Pick<Measure, "latencyMs" | "params" | "macs" | "peakActivationBytes">> & {
    readonly askedEpochs?: number | null;
    readonly score?: number | null;
    readonly energyMj?: number | null;
  };
