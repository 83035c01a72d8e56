import { tfliteModel } from "../../export/tflite/model.js";
import type { KitFormat } from "../format.js";
import { adbScript, modelList } from "./shell.js";

const command =
  "./benchmark_model --graph=$model --num_threads=1 --warmup_runs=10 --num_runs=100 --min_secs=0";

/** TensorFlow Lite, on an Android phone: models in float32 and the command lines of benchmark_model. */
export const tflite: KitFormat = {
  title: "TensorFlow Lite models, float32",
  extension: ".tflite",
  runtime: "TensorFlow Lite",
  dtype: "float32",
  protocol: "nas kit, TensorFlow Lite: benchmark_model, 1 thread, 10 warm-up runs, 100 runs, batch 1, median",
  inputShape: ([c, h, w]) => [1, h, w, c],
  model: (out, weights, about) => new Map([["", tfliteModel(out, weights, about)]]),
  runner: (manifest) => ({
    "measure.sh": adbScript(manifest, "benchmark_model", command),
    "models.txt": modelList(manifest),
  }),
  steps: [
    "Put TensorFlow's `benchmark_model` for the phone (android_aarch64) beside this file, connect the",
    "phone with USB debugging on, and run `sh measure.sh`. It writes `results.log`. For a GPU or an NPU",
    "add `--use_gpu=true` or the delegate's flag to the command line in `measure.sh`, and say so in its",
    "line `runtime`.",
  ],
};
