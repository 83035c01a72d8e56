import type { Node } from "../../graph/node.js";
import { compareOutputs } from "../check.js";
import { foldNorms } from "../foldNorms.js";
import type { Exported, Format } from "../format.js";
import { inputNames } from "../inputNames.js";
import { lower } from "../lower.js";
import { lowerings } from "../onnx/lower.js";
import { encode, type Property } from "../onnx/schema.js";
import { value, writer } from "../onnx/writer.js";

/**
 * ONNX, opset 17, IR version 8, float32. Inputs as `inputNames` says, [N, c, h, w]; output
 * `logits` [N, classes], or `features` [N, c, h, w] of a network that does not
 * end in one position. Tensors and weights are named by the path of their node.
 *
 * Source: ONNX operator specification, https://onnx.ai/onnx/operators/.
 */
export const onnx: Format = {
  title: "ONNX, opset 17",
  extension: ".onnx",

  write(exported, options) {
    const { out, weights } = options.foldNorms
      ? foldNorms(exported.network, exported.weights)
      : { out: exported.network, weights: exported.weights };
    const graph = writer();
    const inputs = inputNames(out);
    const names = lower(out, weights, lowerings, {
      scope: graph.scope,
      input: (node) => inputs.get(node)!,
    });
    const flat = out.height * out.width === 1;
    graph.close(flat ? "Flatten" : "Identity", names.get(out)!, outputName(out));
    const facts = properties(exported);
    return encode({
      irVersion: 8,
      producerName: "nas",
      producerVersion: exported.reproduce.version,
      docString: [exported.name, ...facts.map(({ key, value }) => `${key}: ${value}`)].join("\n"),
      graph: {
        name: exported.name,
        node: graph.node,
        initializer: graph.initializer,
        input: [...inputs].map(([node, name]) => value(name, node.shape)),
        output: [value(outputName(out), flat ? [out.channels] : out.shape)],
        valueInfo: [...names]
          .filter(([node]) => node.op.kind !== "input")
          .map(([node, name]) => value(name, node.shape)),
      },
      opsetImport: [{ domain: "", version: 17 }],
      metadataProps: facts,
    });
  },

  async verify(file, exported, engine) {
    const { load } = await import("../onnx/run.js"); // native, and only needed here
    const { run, close } = await load(file);
    const difference = await compareOutputs(exported, engine, run).finally(close);
    return `run by onnxruntime, its outputs equal those of ${engine.title} within ${difference.toExponential(1)} of the largest`;
  },
};

const outputName = (out: Node) => (out.height * out.width === 1 ? "logits" : "features");

const short = (value: number) => Number(value.toPrecision(4));

/** What is known of the network, as the file's properties. */
function properties({ weightsFrom, genome, space, latency, accuracy, reproduce }: Exported): Property[] {
  const facts: Record<string, string | null | undefined> = {
    genome,
    space,
    target: latency?.target,
    latency:
      latency &&
      `${short(latency.ms)} ms (${short(latency.lowMs)} to ${short(latency.highMs)}, ${short(100 * latency.level)} %), ${latency.kind}`,
    accuracy:
      accuracy && `${short(accuracy.value)}, ${accuracy.kind}, ${accuracy.epochs} epochs on ${accuracy.data}`,
    weights: weightsFrom,
    seed: String(reproduce.seed),
    command: reproduce.command,
    version: reproduce.version,
  };
  return Object.entries(facts).flatMap(([key, value]) => (value == null ? [] : [{ key, value }]));
}
