import type { Node } from "../graph/node.js";
import type { Rule } from "./rules.js";

/** Some images with their labels. */
export interface Batch {
  /** [count, height, width, channels], float32. */
  readonly images: Float32Array;
  /** [count], each 0 .. classes - 1. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** [count, classes], each row summing to 1: what the loss wants instead of smoothed labels, as a teacher has it. */
  readonly targets?: Float32Array;
}

/** How weights follow gradients, and the loss they descend. */
export interface OptimiserOptions {
  /** How a gradient moves a weight, as `rules` defines them; by default `sgd`. */
  readonly rule?: Rule;
  /** 0..1: how much of the last step's velocity, or of the mean gradient, stays. */
  readonly momentum: number;
  /** With `sgd`: look ahead along the velocity (Sutskever et al. 2013). */
  readonly nesterov: boolean;
  /** L2 penalty, added to the gradient of convolution kernels only; with `adamw` apart from the gradient. */
  readonly weightDecay: number;
  /** 0..1: probability taken from the right class and spread evenly over all (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  /**
   * 0..1: how much of a moving average of weights and statistics stays in each step (`stayingAt`). When given, `logits` and
   * `weights` are the average's, and training goes on beside it.
   */
  readonly averaging?: number;
}

/**
 * What to see of one pass over a batch in training mode. Numbers are [count, height, width, channels], copied when read,
 * and can be read during the call alone.
 */
export interface Watcher {
  /** Told of each value on the way forth: of convolutions, activations, what norms read, and the network's own. */
  made?(node: Node, value: () => Float32Array): void;
  /** From the network's value the gradient to send back; without it there is no way back. */
  lead?(value: Float32Array): Float32Array;
  /** Told on the way back, of each convolution and the images, the value and its gradient. */
  led?(node: Node, value: () => Float32Array, gradient: () => Float32Array): void;
}

/** A network being trained: its weights, their velocities and its running statistics. */
export interface Trainer {
  /**
   * One step on a batch, in training mode.
   *
   * Weights move by the rule, then running statistics, then averages if there are any.
   * Running statistics move by `statisticsMomentum` towards the batch's.
   *
   * @returns mean smoothed cross-entropy before the step, and how many images were right;
   *          a step that diverges returns a loss that is not finite
   */
  step(batch: Batch, learningRate: number): { loss: number; correct: number };

  /**
   * Forward in training mode and backward, without weight decay; nothing changes.
   *
   * @returns mean smoothed cross-entropy, its gradient by every learned weight's path, and the
   *          logits [count, classes] it is of, normalised by the batch
   */
  gradients(batch: Batch): {
    loss: number;
    gradients: ReadonlyMap<string, Float32Array>;
    logits: Float32Array;
  };

  /** Forward in training mode, and backward if the watcher leads; nothing changes. The last node may have any shape. */
  watch(batch: Pick<Batch, "images" | "count">, watcher: Watcher): void;

  /** Logits [count, classes], normalised by running statistics. */
  logits(batch: Pick<Batch, "images" | "count">): Float32Array;

  /** A copy of every weight and statistic by its path (`weightSpecs`). */
  weights(): ReadonlyMap<string, Float32Array>;

  /** Bytes the engine holds now, for the memory cap of a worker. */
  heapBytes(): number;

  /** Give the memory back. Nothing else may be called afterwards. */
  dispose(): void;
}

/** Something that trains networks. Engines differ in speed, never in results beyond rounding. */
export interface Engine {
  /** What a person calls it. */
  readonly title: string;

  /** What ran, for a trial's row: name, version, SIMD level. Valid after `open`. */
  build(): string;

  /**
   * What the main thread must do before worker threads open it, if anything. Once is enough, more does no harm.
   *
   * @throws UserError  when it cannot work here, with how to get it
   */
  prepare?(): void;

  /**
   * Start the engine in this thread (once) and make a trainer of a network.
   *
   * @param out      last node, of shape [classes, 1, 1]
   * @param weights  every weight and statistic by path; copied
   */
  open(out: Node, weights: ReadonlyMap<string, Float32Array>, options: OptimiserOptions): Promise<Trainer>;
}

/**
 * How far running statistics move in one step: running = 0.9 · running + 0.1 · batch.
 * The batch's variance is unbiased here (of a single value: 0) and biased where it normalises, as in PyTorch.
 */
export const statisticsMomentum = 0.1;
