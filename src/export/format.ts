import type { Node } from "../graph/node.js";
import type { Engine } from "../train/engine.js";
import type { Weights } from "./foldNorms.js";
import type { Spec } from "./spec.js";

/** A network, its weights and what is known of it: all that a format may say. */
export interface Exported {
  /** A zoo network's name or a genome's hash. */
  readonly name: string;
  /** Last node of the network in its deployed form; shapes are [c, h, w]. */
  readonly network: Node;
  /** Every weight and statistic by path; layouts as in graph/weights.ts. */
  readonly weights: Weights;
  /** Where the weights come from, in words: `untrained, random initial values, seed 7`. */
  readonly weightsFrom: string;
  /** Its genome's line, and the name of its space. */
  readonly genome?: string;
  readonly space?: string;
  /** What its stages decided; those without layers are left out. */
  readonly stages?: NonNullable<Spec["stages"]>;
  readonly latency?: NonNullable<Spec["latency"]>;
  readonly accuracy?: NonNullable<Spec["accuracy"]>;
  readonly reproduce: Spec["reproduce"];
}

export interface WriteOptions {
  /** Make a batch normalisation part of the convolution before it, where the file holds weights. */
  readonly foldNorms: boolean;
}

/** A kind of file a network can be written as. */
export interface Format {
  readonly title: string;
  /** With its dot. */
  readonly extension: string;
  /** The file: equal descriptions give equal bytes. */
  write(exported: Exported, options: WriteOptions): Uint8Array;
  /**
   * Read a written file back and hold it against what was to be written.
   *
   * @param engine  what the file's outputs are compared with, where it has any
   * @returns       what was compared and how well it agreed, in one line
   * @throws UserError  (exit code 1) when it does not agree
   */
  verify(file: string, exported: Exported, engine: Engine): Promise<string>;
}
