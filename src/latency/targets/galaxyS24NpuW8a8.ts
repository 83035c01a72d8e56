import type { KernelTarget } from "../target.js";
import { fit } from "./galaxyS24NpuW8a8.fit.js";

export const galaxyS24NpuW8a8: KernelTarget = {
  kind: "kernels",
  title: "Galaxy S24, NPU, 8 bits",
  device: "Samsung Galaxy S24",
  soc: "Snapdragon 8 Gen 3, Hexagon NPU",
  os: "Android, version not stated",
  runtime: "Qualcomm QNN 2.43.0",
  dtype: "w8a8: 8 bits, weights and activations",
  protocol: "Qualcomm AI Hub: the network compiled for QNN, all layers on the NPU, batch 1",
  source: "qualcomm/ai-hub-models, perf.yaml of each network; by an offset, its TFLite rows",
  ...fit,
};
