import type { Activation } from "../graph/op.js";
import type { Value } from "./block.js";

/** One way a stage may build its layers: a block and, for each of its choices, the values allowed here. */
export interface BlockOption {
  /** Name in the block index. */
  readonly block: string;
  readonly choices: { readonly [choice: string]: readonly Value[] };
}

/** A run of equal layers; only the first may change width or stride. */
export interface StageSpec {
  readonly name: string;
  /** Of the first layer: 1 or 2. */
  readonly stride: number;
  /** Layers; 0 leaves the stage out (only where stride is 1). */
  readonly depth: readonly number[];
  /** Channels out; `same` keeps those of the stage before. */
  readonly width: readonly number[] | "same";
  /** What changes width or stride: the first layer, or a 3 × 3 convolution and norm in front of it. */
  readonly downsample: "block" | "conv";
  readonly options: readonly BlockOption[];
  readonly act: Activation;
}

/** A convolution, norm and activation of the stem. */
export interface StemLayer {
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
}

/** What follows the last stage: a 1 × 1 convolution to `width`, before or after global pooling, and the classifier. */
export interface Head {
  readonly width: number;
  readonly order: "conv-pool" | "pool-conv";
}

/**
 * A factorized hierarchical search space: stem, stages, head. Each stage chooses
 * depth, width, and one block with that block's own choices.
 *
 * Source: Tan et al. 2019, MnasNet, arXiv:1807.11626, §4.1.
 */
export interface Space {
  readonly name: string;
  readonly title: string;
  /** Of the deployed form: pixels across, and classes. */
  readonly resolution: number;
  readonly classes: number;
  /** Activation of stem and head. */
  readonly act: Activation;
  readonly stem: readonly StemLayer[];
  readonly stages: readonly StageSpec[];
  readonly head: Head;
  /** How the proxy form differs: the first `dropStrides` strides become 1, and widths are multiplied. */
  readonly proxy: { readonly dropStrides: number; readonly width: number };
}

/** What one stage of a genome decided. */
export interface Gene {
  /** Layers; with 0 the other decisions are inactive, and at their first values. */
  readonly depth: number;
  /** Channels out; 0 where the stage keeps the width before. */
  readonly width: number;
  /** Index into the stage's options. */
  readonly option: number;
  readonly choices: { readonly [choice: string]: Value };
}

/** One candidate: a gene for each stage. */
export type Genome = readonly Gene[];
