import type { KernelTarget } from "../target.js";
import { fit } from "./iphone13Npu.fit.js";

export const iphone13Npu: KernelTarget = {
  kind: "kernels",
  title: "iPhone 13, Neural Engine",
  device: "iPhone 13",
  soc: "A15",
  os: "iOS, version not stated",
  runtime: "Core ML, compute units all",
  dtype: "float16",
  protocolName: "iformer",
  protocol: "iFormer, Table 18: Core ML's performance report, batch 1",
  source:
    "Zheng 2025, iFormer, ICLR, Table 18; by an offset each, tables of StarNet, EfficientMod and MobileNetV4, abstracts of MobileViG and RapidNet",
  groups: [
    {
      title: "conv-like: neither attention nor what takes its place",
      families: [
        "EfficientNet",
        "FastViT",
        "MobileNetV1",
        "MobileNetV2",
        "MobileNetV3",
        "MobileNetV4",
        "MobileOne",
        "RepViT",
      ],
    },
    {
      title: "with attention, its own (EfficientMod) or additive (CAS-ViT)",
      families: ["CAS-ViT", "EfficientMod"],
    },
  ],
  shown: ["MobileViG, abstract", "RapidNet, abstract"],
  ...fit,
};
