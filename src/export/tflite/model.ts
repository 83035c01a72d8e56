import { consumers, type Node, nodes, paths } from "../../graph/node.js";
import { perKind } from "../../graph/op.js";
import type { Weights } from "../foldNorms.js";
import { inputNames } from "../inputNames.js";
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
  const path = paths(out);
  const users = consumers(out);
  const named = inputNames(out);
  const model = writer();
  const tensors = new Map<Node, number>();
  for (const node of nodes(out)) {
    const at = path.get(node)!;
    const [c, h, w] = node.shape;
    tensors.set(
      node,
      perKind(lowerings, node.op, {
        on: model.scope(at),
        inputs:
          node.op.kind === "input"
            ? [model.input(named.get(node)!, [1, h, w, c])]
            : node.inputs.map((from) => tensors.get(from)!),
        shapes: node.inputs.map((from) => from.shape),
        shape: node.shape,
        alone: node.inputs.length > 0 && users.get(node.inputs[0]!)!.length === 1,
        weight: (role) => weights.get(`${at}/${role}`)!,
      }),
    );
  }
  const last = tensors.get(out)!;
  const [c, h, w] = out.shape;
  const scope = model.scope("output");
  const end =
    out.op.kind === "input"
      ? scope.op("RESHAPE", [last, scope.ints("shape", [4], [1, h, w, c])], [1, h, w, c])
      : last;
  return model.close(end, "output", about);
}
