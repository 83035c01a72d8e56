import { createHash } from "node:crypto";
import type { Node } from "../../graph/node.js";
import type { Weights } from "../foldNorms.js";
import { inputNames } from "../inputNames.js";
import { lower } from "../lower.js";
import { lowerings } from "./lower.js";
import { arrayType, encode, type FeatureDescription } from "./schema.js";
import type { Precision } from "./weightFile.js";
import { writer } from "./writer.js";

/** Core ML of iOS 16 and macOS 13, the first with float16 at both ends. */
const specificationVersion = 7;
const opset = "CoreML6";

/**
 * A network as the files of an .mlpackage, by their path in it: an ML program for iOS 16 and later,
 * batch 1, float16 or float32 throughout. Inputs are named as `inputNames` says, [1, c, h, w]; the
 * output `output` is [1, c, h, w].
 *
 * Pure: equal networks give equal files.
 *
 * Source: apple/coremltools, MIL operators of iOS 16, BSD-3-Clause.
 */
export function mlpackage(
  out: Node,
  weights: Weights,
  { precision, about }: { readonly precision: Precision; readonly about: string },
): ReadonlyMap<string, Uint8Array> {
  const inputs = inputNames(out);
  const program = writer(precision, [...inputs.values(), "output"]);
  const names = lower(out, weights, lowerings, {
    scope: program.scope,
    input: (node) => inputs.get(node)!,
  });
  const outputs = [1, ...out.shape];
  if (out.op.kind === "input") program.scope("output").op("identity", { x: names.get(out)! }, outputs);
  const last = program.operations.at(-1)!;
  const operations = [
    ...program.operations.slice(0, -1),
    { ...last, outputs: [program.tensor("output", outputs)] },
  ];
  const feature = (name: string, shape: readonly number[]): FeatureDescription => ({
    name,
    type: { multiArrayType: { shape, dataType: arrayType[precision] } },
  });
  const model = encode({
    specificationVersion,
    description: {
      input: [...inputs].map(([node, name]) => feature(name, [1, ...node.shape])),
      output: [feature("output", outputs)],
      metadata: { shortDescription: about, userDefined: {} },
    },
    mlProgram: {
      version: 1,
      functions: {
        main: {
          inputs: [...inputs].map(([node, name]) => program.tensor(name, [1, ...node.shape])),
          opset,
          block_specializations: { [opset]: { outputs: ["output"], operations } },
        },
      },
    },
  });
  return packed(model, program.weights());
}

const folder = "com.apple.CoreML";

/** The model and its weights with the manifest of a package; its identifiers follow from the contents. */
function packed(model: Uint8Array, weights: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const id = (kind: string, bytes: Uint8Array) =>
    uuid(createHash("sha256").update(kind).update(bytes).digest("hex"));
  const items = {
    [id("model", model)]: { name: "model.mlmodel", description: "CoreML Model Specification" },
    [id("weights", weights)]: { name: "weights", description: "CoreML Model Weights" },
  };
  const manifest = {
    fileFormatVersion: "1.0.0",
    itemInfoEntries: Object.fromEntries(
      Object.entries(items).map(([key, { name, description }]) => [
        key,
        { author: folder, description, name, path: `${folder}/${name}` },
      ]),
    ),
    rootModelIdentifier: Object.keys(items)[0]!,
  };
  return new Map([
    ["Manifest.json", new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`)],
    [`Data/${folder}/model.mlmodel`, model],
    [`Data/${folder}/weights/weight.bin`, weights],
  ]);
}

const uuid = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)]
    .join("-")
    .toUpperCase();
