import type { Rng } from "../base/rng.js";
import type { Node } from "../graph/node.js";
import type { Batch, Trainer } from "./engine.js";

/** What a proxy may use of a network that is not trained. */
export interface Look {
  /** Of training images, as they are. */
  readonly batch: Batch;
  /** A stream of the run's seed: the same for every network. */
  rng(name: string): Rng;
  /** Use a trainer on the engine; its loss has no label smoothing. By default with weights as training starts. */
  on<T>(out: Node, use: (trainer: Trainer) => T, weights?: ReadonlyMap<string, Float32Array>): Promise<T>;
}

/**
 * Foretells how well networks train, by a number for each that takes no training; higher is better.
 * It has a meaning beside other scores of the same proxy alone.
 *
 * @property isBaseline  it only counts what a network costs: what a proxy must beat to be worth its time
 * @property score       not finite where it has nothing to say of a network
 */
export interface ZeroCostProxy {
  readonly summary: string;
  readonly isBaseline?: true;
  score(out: Node, look: Look): number | Promise<number>;
}

/** Images in the batch of a score, fewer when there are not as many. */
export const batchSize = 64;
