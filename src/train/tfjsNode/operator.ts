import type { Kind, OpOf, Shape } from "../../graph/op.js";
import type { Role } from "../../graph/weights.js";
import type { Tensor, Tensors } from "./tensors.js";

/** `look` trains without remembering statistics, for gradients alone. */
export type Mode = "learn" | "look" | "infer";

/** What an operator is applied to. */
export interface Call {
  readonly tf: Tensors;
  /** [batch, height, width, channels]. */
  readonly inputs: readonly Tensor[];
  /** Whether somebody asks for the gradient of each input. */
  readonly wanted: readonly boolean[];
  /** In the graph's layout. */
  readonly weights: Readonly<Partial<Record<Role, Tensor>>>;
  /** Of one example of the output. */
  readonly shape: Shape;
  readonly mode: Mode;
}

/** Gradients, each a tensor of its own. */
export interface Gradients {
  /** Undefined where none is wanted. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly weights?: Readonly<Partial<Record<Role, Tensor>>>;
}

/** An operator applied. */
export interface Applied {
  readonly value: Tensor;
  /** Running statistics after this batch. */
  readonly statistics?: Readonly<Partial<Record<Role, Tensor>>>;
  back(dy: Tensor): Gradients;
}

export type Operator<K extends Kind> = (op: OpOf<K>, call: Call) => Applied;
