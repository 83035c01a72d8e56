import { defineBlock } from "../block.js";
import { convNormAct } from "./convolution.js";

/**
 * No layer: hands its input on; where stride or width changes, a 1×1
 * convolution with norm and activation.
 *
 * in      [cin, h, w]
 * out     [width, ⌈h/stride⌉, ⌈w/stride⌉]
 * params  0; cin·width + 2·width where the shape changes
 * paper   Wu et al. 2019, FBNet, arXiv:1812.03443, table 2
 */
export const skip = defineBlock({
  choices: {},
  build: (x, _, { width, stride, act }) =>
    stride === 1 && width === x.channels ? x : convNormAct(x, { out: width, stride, act }),
});
