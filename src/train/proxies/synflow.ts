import { Node, nodes } from "../../graph/node.js";
import { rewrite } from "../../graph/rewrite.js";
import { weightSpecs } from "../../graph/weights.js";
import { initialWeights } from "../initial.js";
import type { ZeroCostProxy } from "../proxy.js";
import { run } from "../reference/network.js";
import { zeros } from "../reference/tensor.js";

/**
 * Synaptic flow: what weights, all taken as positive, pass on from an image of ones to the outputs; the natural
 * logarithm of Σ |w · dR/dw| over kernels, R the sum of the outputs. Needs no data.
 *
 * Normalisations are left out, activations let all that is positive pass, gates are open, and a product of two maps is
 * their mean, as it would square the flow: the papers' networks have none of these but ReLU. Float64, on the reference
 * engine whatever the run's, as values grow beyond float32 within some 30 layers.
 *
 * paper  Tanaka et al. 2020, arXiv:2006.05467; as a score of networks Abdelfattah et al. 2021, arXiv:2101.08134
 */
export const synflow: ZeroCostProxy = {
  summary: "logarithm of the flow through positive weights; needs no data",
  score(out, { rng }) {
    const network = flowing(out);
    return Math.log(synapticFlow(network, initialWeights(network, rng("init"))));
  },
};

const isGate = ({ op, shape }: Node, of: Node): boolean =>
  (op.kind === "act" && (op.fn === "sigmoid" || op.fn === "hard-sigmoid")) ||
  shape.some((size, axis) => size !== of.shape[axis]);

/** Without what would stop the flow, or square it. */
export const flowing = (out: Node): Node =>
  rewrite(out, ({ op, inputs: [x, y], name }, inputs) => {
    if (op.kind === "norm" || op.kind === "layerNorm") return inputs[0]!;
    if (op.kind === "act") return new Node({ kind: "act", fn: "relu" }, inputs, name);
    if (op.kind !== "mul") return new Node(op, inputs, name);
    return isGate(y!, x!) ? inputs[0]! : new Node({ kind: "average" }, inputs, name);
  });

/** Σ |w · dR/dw| over the kernels of a network, with all weights made positive. */
export function synapticFlow(out: Node, weights: ReadonlyMap<string, Float32Array>): number {
  const positive = new Map([...weights].map(([path, w]) => [path, Float64Array.from(w, Math.abs)]));
  const ones = (shape: Node["shape"]) => {
    const tensor = zeros(1, shape);
    tensor.data.fill(1);
    return tensor;
  };
  const gradients = run(out, ones(nodes(out)[0]!.shape), positive, false).back(ones(out.shape)).weights;
  let flow = 0;
  for (const [path, { role }] of weightSpecs(out))
    if (role === "kernel")
      gradients.get(path)!.forEach((g, i) => {
        flow += Math.abs(g * positive.get(path)![i]!);
      });
  return flow;
}
