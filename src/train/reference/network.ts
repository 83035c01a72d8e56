import { type Node, nodes, paths } from "../../graph/node.js";
import { type PerKind, perKind } from "../../graph/op.js";
import { weightsOf } from "../../graph/weights.js";
import type { Applied, Call, Weights } from "./operator.js";
import * as operators from "./operators/index.js";
import { map, type Tensor, zeros } from "./tensor.js";

/** The images come from outside, so `input` is never applied. */
const table: PerKind<Applied, [Call]> = {
  ...operators,
  input(_, { inputs }) {
    return { value: inputs[0]!, back: (dy) => ({ inputs: [dy], weights: {} }) };
  },
};

/** One run of a network over a batch. */
export interface Run {
  readonly value: Tensor;
  /** Of every node. */
  readonly values: ReadonlyMap<Node, Tensor>;
  /** What the batch says of each running statistic, by path; empty outside training. */
  readonly statistics: ReadonlyMap<string, Float64Array>;
  /** From the gradient of the output, that of every learned weight, by path, of the images, and of every node's value. */
  back(gradient: Tensor): {
    readonly weights: ReadonlyMap<string, Float64Array>;
    readonly images: Tensor;
    readonly values: ReadonlyMap<Node, Tensor>;
  };
}

/**
 * Run a network.
 *
 * @param images   of the input's shape
 * @param weights  every weight and statistic by path
 */
export function run(
  out: Node,
  images: Tensor,
  weights: ReadonlyMap<string, Float64Array>,
  training: boolean,
): Run {
  const order = nodes(out);
  const path = paths(out);
  const applied = new Map<Node, Applied>();
  for (const node of order) {
    const call: Call = {
      inputs: node.op.kind === "input" ? [images] : node.inputs.map((from) => applied.get(from)!.value),
      weights: Object.fromEntries(
        weightsOf(node).map(({ role }) => [role, weights.get(`${path.get(node)}/${role}`)!]),
      ) as Weights,
      shape: node.shape,
      training,
    };
    applied.set(node, perKind(table, node.op, call));
  }

  const named = (node: Node, values: Weights) =>
    Object.entries(values).map(([role, numbers]) => [`${path.get(node)}/${role}`, numbers] as const);
  return {
    value: applied.get(out)!.value,
    values: new Map(order.map((node) => [node, applied.get(node)!.value])),
    statistics: new Map(order.flatMap((node) => named(node, applied.get(node)!.statistics ?? {}))),
    back(gradient) {
      const reached = new Map([[out, gradient]]);
      const found = new Map<string, Float64Array>();
      let dImages = zeros(images.count, images.shape);
      for (const node of order.toReversed()) {
        const { inputs, weights } = applied.get(node)!.back(reached.get(node)!);
        for (const [name, numbers] of named(node, weights)) found.set(name, numbers);
        if (node.op.kind === "input") dImages = plus(inputs[0]!, dImages);
        node.inputs.forEach((from, i) => {
          reached.set(from, plus(inputs[i]!, reached.get(from)));
        });
      }
      return { weights: found, images: dImages, values: reached };
    },
  };
}

const plus = (a: Tensor, b?: Tensor): Tensor => (b ? map(a, (v, i) => v + b.data[i]!) : a);
