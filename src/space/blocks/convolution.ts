import type { ConvOptions, Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import { defineBlock, oneOf } from "../block.js";

/** Convolution, norm, activation. */
export const convNormAct = (
  x: Node,
  { out, act, ...conv }: ConvOptions & { readonly out: number; readonly act: Activation | "none" },
): Node => x.conv(out, conv).norm().act(act);

/**
 * A plain convolution k×k with norm and activation.
 *
 * in      [cin, h, w]
 * out     [width, ⌈h/stride⌉, ⌈w/stride⌉]
 * params  k²·cin·width + 2·width
 */
export const convolution = defineBlock({
  choices: {
    kernel: oneOf(1, 3, 5, 7),
    dilation: oneOf(1, 2, 3),
  },
  build: (x, { kernel, dilation }, { width, stride, act }) =>
    convNormAct(x, { out: width, kernel, dilation, stride, act }),
});
