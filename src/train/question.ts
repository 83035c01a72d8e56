import type { Epoch, Fidelity } from "./fit.js";

/**
 * One network to train, whole in itself: plain JSON, so that any worker can take
 * it. The data set is what the pool was opened with.
 */
export interface TrainingQuestion {
  /** The proxy network as `graph/text.ts` prints it. */
  readonly network: string;
  readonly seed: number;
  /** Number of the trial in its run; with the seed it addresses all randomness. */
  readonly trial: number;
  readonly fidelity: Fidelity;
  /** Name in the engine index. */
  readonly engine: string;
}

/** What came of it. But for the times, it depends on the question and the data set alone. */
export type TrainingAnswer =
  | {
      readonly status: "scored";
      /** On the validation images after the last epoch, 0..1. */
      readonly accuracy: number;
      readonly epochs: readonly Epoch[];
      /** Name, version and SIMD level of what ran. */
      readonly engine: string;
      /** Training images in a second of training, validation left out. */
      readonly imagesPerSecond: number;
      /** Of the whole trial, start to end. */
      readonly seconds: number;
    }
  | { readonly status: "failed"; readonly why: string };
