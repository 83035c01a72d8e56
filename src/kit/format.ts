import type { Weights } from "../export/foldNorms.js";
import type { Node } from "../graph/node.js";
import type { Shape } from "../graph/op.js";
import type { Manifest } from "../latency/kitFiles.js";

/** A kind of models to measure elsewhere, and what measures them there. */
export interface KitFormat {
  readonly title: string;
  /** Of a model's file or package, with its dot. */
  readonly extension: string;
  readonly runtime: string;
  readonly dtype: string;
  /** How a call is timed. */
  readonly protocol: string;
  /** An input as the models have it, batch first. */
  inputShape(shape: Shape): readonly number[];
  /** A model's file, or files of its package by their path in it; of a single file the path is "". Norms are folded. */
  model(out: Node, weights: Weights, about: string): ReadonlyMap<string, Uint8Array>;
  /** What measures the models, by file name in the kit. */
  runner(manifest: Manifest): Readonly<Record<string, string>>;
  /** How to measure, in lines of Markdown. */
  readonly steps: readonly string[];
}
