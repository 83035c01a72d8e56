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
      title: "conv-like: tokens are mixed by convolutions",
      networks: [
        ...["efficientnet_b1", "efficientnet_b2", "fastvit_t12", "fastvit_s12"],
        ...["mobilenet_v2_x1_0", "mobilenet_v2_x1_4", "mobilenet_v3_large_0_75", "mobilenet_v3_large"],
        ...["mobilenetv4_conv_small", "mobileone_s2", "mobileone_s4"],
        ...["repvit_m1_0", "repvit_m1_1", "repvit_m1_5"],
      ],
    },
    {
      title: "tokens are mixed by attention, in all layers or some, additive (CAS-ViT) or not",
      networks: ["casvit_xs", "casvit_m", "efficientmod_xxs", "efficientmod_s", "fastvit_sa12"],
    },
  ],
  shown: ["MobileViG, abstract", "RapidNet, abstract"],
  ...fit,
};
