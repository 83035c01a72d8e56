import type { KernelTarget } from "../target.js";
import { fit } from "./galaxyS25Npu.fit.js";

export const galaxyS25Npu: KernelTarget = {
  kind: "kernels",
  title: "Galaxy S25, NPU, float16",
  device: "Samsung Galaxy S25",
  soc: "Snapdragon 8 Elite, Hexagon NPU",
  os: "Android, version not stated",
  runtime: "Qualcomm QNN 2.43.0",
  dtype: "float16",
  protocol: "Qualcomm AI Hub: the network compiled for QNN, all layers on the NPU, batch 1",
  source: "qualcomm/ai-hub-models, perf.yaml of each network; by an offset, its TFLite rows",
  ...fit,
};
