import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { round8 } from "../block.js";
import type { Attention } from "./attention.js";

export interface Squeeze {
  /** Channels between the two linear layers. */
  readonly reduced: number;
  readonly act: Activation;
  readonly gate: Activation;
}

/** Multiply each channel of [c, h, w] by a gate made of all channels' means. */
export const squeeze = (x: Node, { reduced, act, gate }: Squeeze): Node =>
  x.times(x.globalPool().conv(reduced, { bias: true }).act(act).conv(x.channels, { bias: true }).act(gate));

/**
 * Squeeze-and-excitation as MobileNetV3 has it: a quarter of the widened
 * channels, ReLU, hard sigmoid.
 *
 * params  2·c·r + r + c, r = round8(c / 4)
 * paper   Hu et al. 2018, arXiv:1709.01507; Howard et al. 2019, arXiv:1905.02244, §5.3
 */
export const squeezeExcite: Attention = {
  place: "inside",
  apply: (x) => squeeze(x, { reduced: round8(x.channels / 4), act: "relu", gate: "hard-sigmoid" }),
};
