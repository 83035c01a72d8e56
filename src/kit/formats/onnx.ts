import { onnx as format } from "../../export/formats/onnx.js";
import type { KitFormat } from "../format.js";
import { nodeRunner } from "./nodeRunner.js";
import { adbScript, modelList } from "./shell.js";

const command = "./onnxruntime_perf_test -e cpu -m times -r 100 -x 1 -s -I $model";

/** ONNX, on an Android phone or any computer: models in float32, and two ways to time them. */
export const onnx: KitFormat = {
  title: "ONNX models for onnxruntime, float32",
  extension: ".onnx",
  runtime: "onnxruntime, CPU",
  dtype: "float32",
  protocol: "nas kit, onnxruntime: one call after another, 1 thread, 100 runs, batch 1, median",
  inputShape: (shape) => [1, ...shape],
  model: (out, weights, about) =>
    new Map([
      [
        "",
        format.write(
          {
            name: about,
            network: out,
            weights,
            weightsFrom: "random, for timing only",
            reproduce: { command: "nas latency kit", version: "", seed: 0, data: null },
          },
          { foldNorms: false }, // done before
        ),
      ],
    ]),
  runner: (manifest) => ({
    "measure.mjs": nodeRunner,
    "measure.sh": adbScript(manifest, "onnxruntime_perf_test", command),
    "models.txt": modelList(manifest),
  }),
  steps: [
    "On a phone: put `onnxruntime_perf_test`, built for it with onnxruntime-mobile, beside this file,",
    "connect the phone with USB debugging on, and run `sh measure.sh`. It writes `results.log`.",
    "",
    "On a computer: `npm install onnxruntime-node`, then `node measure.mjs`. It writes `results.json`.",
  ],
};
