import type { Node } from "../../graph/node.js";
import type { Weights } from "../foldNorms.js";
import { inputNames } from "../inputNames.js";
import { lower } from "../lower.js";
import { lowerings } from "./lower.js";
import { writer } from "./writer.js";

/**
 * A network as a .tflite file, float32, batch 1. Inputs are named as `inputNames` says,
 * [1, h, w, c]; the output `output` is [1, h, w, c]. ReLU and ReLU6 are part of the operator they
 * follow, where that can have them. Tensors are named after the path of their node.
 *
 * Pure: equal networks give equal bytes.
 */
export function tfliteModel(out: Node, weights: Weights, about: string): Uint8Array {
  const named = inputNames(out);
  const model = writer();
  const tensors = lower(out, weights, lowerings, {
    scope: model.scope,
    input: (node) => model.input(named.get(node)!, [1, node.height, node.width, node.channels]),
  });
  const last = tensors.get(out)!;
  const [c, h, w] = out.shape;
  const scope = model.scope("output");
  const end =
    out.op.kind === "input"
      ? scope.op("RESHAPE", [last, scope.ints("shape", [4], [1, h, w, c])], [1, h, w, c])
      : last;
  return model.close(end, "output", about);
}
