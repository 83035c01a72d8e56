import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readForm } from "../../base/form.js";
import type { Importer } from "./importer.js";
import { networkOf } from "./importer.js";

const path = z.looseObject({
  inference_time_milliseconds: z.number().positive(),
  primary_compute_unit: z.string().optional(),
});

const form = z.looseObject({
  precisions: z.record(
    z.string(),
    z.looseObject({
      components: z.record(
        z.string(),
        z.looseObject({ performance_metrics: z.record(z.string(), z.record(z.string(), z.unknown())) }),
      ),
    }),
  ),
});

/** The runtime paths we know, and what a table calls them. */
const runtimes: Readonly<Record<string, string>> = {
  qnn_dlc: "Qualcomm QNN",
  qnn_context_binary: "Qualcomm QNN, context binary",
  tflite: "TensorFlow Lite",
  onnx: "onnxruntime",
  precompiled_qnn_onnx: "onnxruntime, QNN",
};

/**
 * perf.yaml of Qualcomm AI Hub Models: one network's time on many devices, runtimes and number types.
 * Which one is told by --device, and by --runtime and --dtype where they are not qnn_dlc and float.
 */
export const aiHub: Importer = {
  title: "perf.yaml of Qualcomm AI Hub Models",
  detect: (text) => /^precisions:/m.test(text) && text.includes("performance_metrics:"),
  read(given) {
    const { text, where, said } = given;
    const { key } = networkOf(given);
    let yaml: unknown;
    try {
      yaml = parse(text);
    } catch (error) {
      throw new UserError(`${where}: ${(error as Error).message.split("\n")[0]}`, "It must be YAML, whole.");
    }
    const { precisions } = readForm(form, yaml, where);
    const one = <T>(of: Readonly<Record<string, T>>, name: string | undefined, what: string): T => {
      const found = name === undefined ? undefined : of[name];
      if (found !== undefined) return found;
      throw new UserError(
        `${where} has no ${what} ${name ?? "of its own choice"}`,
        `Give --${what}: ${Object.keys(of).join(", ")}.`,
      );
    };
    const dtype = said.dtype ?? "float";
    const { components } = one(precisions, dtype, "dtype");
    const parts = Object.entries(components);
    if (parts.length !== 1)
      throw new UserError(`${where} is of ${parts.length} models`, "It must be of one network.");
    const paths = one(parts[0]![1].performance_metrics, said.device, "device");
    const wanted = said.runtime ?? "qnn_dlc";
    const name = Object.keys(paths).find((p) => p === wanted || runtimes[p] === wanted) ?? wanted;
    const at = `${where}: precisions.${dtype}.components.${parts[0]![0]}.performance_metrics.${said.device}.${name}`;
    const { inference_time_milliseconds: ms, primary_compute_unit: unit } = readForm(
      path,
      one(paths, name, "runtime"),
      at,
    );
    return {
      rows: [{ kind: "network", key, count: 1, medianMs: ms, spreadMs: 0, drift: null }],
      about: {
        runtime: said.runtime ?? runtimes[name] ?? name,
        dtype,
        protocol: "Qualcomm AI Hub profile job, batch 1",
        ...(unit !== undefined && { conditions: { "compute unit": unit } }),
      },
      source: "Qualcomm AI Hub Models, perf.yaml",
      notes: [],
    };
  },
};
