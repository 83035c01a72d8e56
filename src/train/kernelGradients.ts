import type { Node } from "../graph/node.js";
import { weightSpecs } from "../graph/weights.js";
import type { Look } from "./proxy.js";

/** Kernels of convolutions and linear layers as training starts, each with the gradient of the batch's cross-entropy. */
export const kernelGradients = (out: Node, { on, batch }: Look) =>
  on(out, (trainer) => {
    const weights = trainer.weights();
    const { gradients } = trainer.gradients(batch);
    return [...weightSpecs(out)]
      .filter(([, { role }]) => role === "kernel")
      .map(([path]) => ({ kernel: weights.get(path)!, gradient: gradients.get(path)! }));
  });
