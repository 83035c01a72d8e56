import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { stream } from "../../src/base/rng.js";
import { relativeDifference } from "../../src/export/check.js";
import { mlpackage } from "../../src/export/coreml/mlpackage.js";
import { foldNorms } from "../../src/export/foldNorms.js";
import { onnx } from "../../src/export/formats/onnx.js";
import { inputNames } from "../../src/export/inputNames.js";
import { tfliteModel } from "../../src/export/tflite/model.js";
import { kernels } from "../../src/graph/fuse.js";
import { input, type Node } from "../../src/graph/node.js";
import { sizeOf } from "../../src/graph/weights.js";
import { alone, blocksOf } from "../../src/latency/piece.js";
import { mobilevig_ti, rapidnet_ti, repvit_m1_0 } from "../../src/space/zoo/index.js";
import { resized } from "./differences.js";
import { examples, exported, randomWeights } from "./examples.js";
import { type Numbers, peersPython, runModels, workFolder, writeFiles } from "./runtimes.js";

/** Of the largest output. Float16 has three digits, and a network many roundings. */
const allowed = { float32: 1e-5, float16: 2e-2 };

const someBlocks = [rapidnet_ti, mobilevig_ti, repvit_m1_0].flatMap((entry) => {
  const pieces = [
    ...blocksOf(resized(entry.build(), 64)),
    ...kernels(resized(entry.build(), 64)).slice(0, 12),
  ];
  return pieces
    .filter((_, i) => i % 5 === 0)
    .map((piece, i) => [`piece ${i} of ${entry.title}`, alone(piece)] as const);
});

const two = input([4, 5, 5]);
const networks: readonly (readonly [string, Node])[] = [
  ...Object.entries(examples).flatMap(([kind, of]) =>
    Object.entries(of).map(([title, out]) => [`${kind} ${title}`, out] as const),
  ),
  ["a sum of two inputs", input([4, 5, 5]).conv(4, { kernel: 3 }).norm().add(two).act("relu")],
  [
    "a depthwise convolution with two filters a channel",
    input([4, 6, 6]).conv(8, { kernel: 3, groups: 4 }).norm().act("relu6"),
  ],
  [
    "a filter of 3 with stride 2 on an even map",
    input([3, 8, 8]).conv(4, { kernel: 3, stride: 2 }).norm().act("relu"),
  ],
  [
    "a map that others read before its activation",
    (() => {
      const x = input([3, 8, 8]).conv(4);
      return x.act("relu").add(x);
    })(),
  ],
  ...someBlocks,
];

const found = peersPython();

test("tflite and Core ML models compute what onnxruntime computes", {
  skip: "skip" in found && found.skip,
}, async (t) => {
  if ("skip" in found) return;
  const cases: {
    readonly title: string;
    readonly precision: keyof typeof allowed;
    readonly wanted: Float32Array;
    readonly of: Parameters<typeof runModels>[1][number];
  }[] = [];
  for (const [i, [title, network]] of networks.entries()) {
    const { out, weights } = foldNorms(network, randomWeights(network, 1));
    const rng = stream(0, "runtimes", i);
    const inputs = [...inputNames(out)].map(([{ shape }, name]) => ({
      name,
      shape,
      data: Float32Array.from({ length: sizeOf(shape) }, () => rng.normal()),
    }));
    const session = await InferenceSession.create(onnx.write(exported(network), { foldNorms: true }), {
      logSeverityLevel: 3,
    });
    const results = await session.run(
      Object.fromEntries(
        inputs.map(({ name, shape, data }) => [name, new Tensor("float32", data, [1, ...shape])]),
      ),
    );
    const wanted = results[session.outputNames[0]!]!.data as Float32Array;
    await session.release();
    const nchw = inputs.map(({ shape, data }): Numbers => ({ shape: [1, ...shape], data: [...data] }));
    const nhwc = inputs.map(
      ({ shape: [c, h, w], data }): Numbers => ({ shape: [1, h, w, c], data: turned([...data], c, h * w) }),
    );
    const file = join(workFolder(), `${i}.tflite`);
    writeFileSync(file, tfliteModel(out, weights, title));
    const [c, h, w] = out.shape;
    cases.push({
      title: `tflite: ${title}`,
      precision: "float32",
      wanted: Float32Array.from(turned([...wanted], c, h * w)),
      of: { format: "tflite", file, inputs: nhwc },
    });
    for (const precision of ["float32", "float16"] as const)
      cases.push({
        title: `Core ML, ${precision}: ${title}`,
        precision,
        wanted,
        of: {
          format: "coreml",
          file: writeFiles(
            join(workFolder(), `${i}-${precision}.mlpackage`),
            mlpackage(out, weights, { precision, about: title }),
          ),
          inputs: nchw,
        },
      });
  }
  const answers = runModels(
    found.python,
    cases.map(({ of }) => of),
  );
  for (const [i, { title, wanted, precision }] of cases.entries())
    await t.test(title, () => {
      const answer = answers[i]!;
      assert.ok(!("error" in answer), "error" in answer ? answer.error : "");
      const apart = relativeDifference(Float32Array.from(answer.data), wanted);
      assert.ok(apart <= allowed[precision], `apart by ${apart}`);
    });
});

/** [c, positions] to [positions, c]. */
function turned(data: readonly number[], c: number, positions: number): number[] {
  return data.map((_, i) => data[(i % c) * positions + Math.floor(i / c)]!);
}
