import type { Kind, OpOf, Shape } from "../../graph/op.js";
import type { Role } from "../../graph/weights.js";
import type { Tensor } from "./tensor.js";

/** The numbers of an operator's weights; only the roles that `weightsOf` gives it. */
export type Weights = { readonly [role in Role]?: Float64Array };

/** What an operator is applied to. */
export interface Call {
  readonly inputs: readonly Tensor[];
  readonly weights: Weights;
  /** Of one example of the output. */
  readonly shape: Shape;
  /** Normalise by the batch, not by running statistics. */
  readonly training: boolean;
}

/** What an operator made. */
export interface Applied {
  readonly value: Tensor;
  /** From the gradient of the output, those of each input, in order, and of each learned weight. */
  back(gradient: Tensor): { readonly inputs: readonly Tensor[]; readonly weights: Weights };
  /** What the batch says of the running statistics, in training. */
  readonly statistics?: { readonly mean: Float64Array; readonly variance: Float64Array };
}

/** One operator kind, forward and, as what it returns, backward. */
export type Operator<K extends Kind> = (op: OpOf<K>, call: Call) => Applied;
