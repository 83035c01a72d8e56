import { type Node, nodes, paths } from "../../graph/node.js";
import { type PerKind, perKind } from "../../graph/op.js";
import { type Role, weightsOf } from "../../graph/weights.js";
import type { Applied, Call, Mode } from "./operator.js";
import * as operators from "./operators/index.js";
import type { Tensor, Tensors } from "./tensors.js";

const table: PerKind<Applied, [Call]> = {
  ...operators,
  input: (_, { inputs }) => ({ value: inputs[0]!, back: () => ({ inputs: [] }) }),
};

/** A network made ready to run. */
export interface Network {
  readonly order: readonly Node[];
  readonly path: ReadonlyMap<Node, string>;
  /** Nodes that a learned weight stands in or before. */
  readonly learning: ReadonlySet<Node>;
}

/** @param toImages  whether the gradient is wanted of the images, too */
export function networkOf(out: Node, toImages = false): Network {
  const order = nodes(out);
  const learning = new Set<Node>();
  for (const node of order)
    if (
      weightsOf(node).length > 0 ||
      (toImages && node.op.kind === "input") ||
      node.inputs.some((from) => learning.has(from))
    )
      learning.add(node);
  return { order, path: paths(out), learning };
}

/** One way forth over a batch; inside `tf.passing`. */
export interface Run {
  /** [batch, height, width, channels] of the last node. */
  readonly value: Tensor;
  /** What running statistics become, by path. */
  readonly statistics: ReadonlyMap<string, Tensor>;
  /** The way back, once, from the gradient of the value. `learn` sees each learned weight's gradient while it lasts. */
  back(gradient: Tensor, learn: (path: string, gradient: Tensor) => void): void;
}

/** What is told of a run while it lasts. */
export interface Witness {
  made(node: Node, value: Tensor): void;
  led(node: Node, value: Tensor, gradient: Tensor): void;
}

/** @param images  [batch, height, width, channels] */
export function run(
  tf: Tensors,
  { order, path, learning }: Network,
  images: Tensor,
  weights: ReadonlyMap<string, Tensor>,
  mode: Mode,
  witness?: Witness,
): Run {
  const applied = new Map<Node, Applied & { readonly free: () => void }>();
  const statistics = new Map<string, Tensor>();
  const lastReader = new Map(order.flatMap((node) => node.inputs.map((from) => [from, node] as const)));

  for (const node of order) {
    const pathOf = (role: string) => `${path.get(node)}/${role}`;
    const { result, free } = tf.frame(() =>
      perKind(table, node.op, {
        tf,
        mode,
        inputs: node.op.kind === "input" ? [images] : node.inputs.map((from) => applied.get(from)!.value),
        wanted: node.inputs.map((from) => learning.has(from)),
        weights: Object.fromEntries(
          weightsOf(node).map(({ role }) => [role, weights.get(pathOf(role))!]),
        ) as Call["weights"],
        shape: node.shape,
      }),
    );
    applied.set(node, { ...result, free });
    witness?.made(node, result.value);
    for (const [role, statistic] of Object.entries(result.statistics ?? {}))
      statistics.set(pathOf(role), statistic);
    if (mode === "infer")
      for (const from of new Set(node.inputs)) if (lastReader.get(from) === node) applied.get(from)!.free();
  }

  return {
    value: applied.get(order.at(-1)!)!.value,
    statistics,
    back(gradient, learn) {
      const gradients = new Map<Node, Tensor>([[order.at(-1)!, gradient]]);
      const give = (to: Node, part: Tensor): void => {
        const before = gradients.get(to);
        gradients.set(to, before ? tf.op("AddV2", [before, part]) : part);
        if (before) tf.free(before, part);
      };
      for (const node of order.toReversed()) {
        const { back, free, value } = applied.get(node)!;
        if (learning.has(node)) {
          const dy = gradients.get(node)!;
          witness?.led(node, value, dy);
          const found = tf.passing(
            () => back(dy),
            ({ inputs, weights: own = {} }) =>
              [...inputs, ...Object.values(own)].filter((t) => t !== undefined),
          );
          tf.free(dy);
          found.inputs.forEach((part, i) => {
            const from = node.inputs[i]!;
            if (part === undefined) return;
            if (learning.has(from)) give(from, part);
            else tf.free(part);
          });
          for (const [role, part] of Object.entries(found.weights ?? {}) as [Role, Tensor][]) {
            learn(`${path.get(node)}/${role}`, part);
            tf.free(part);
          }
        }
        free();
      }
    },
  };
}
