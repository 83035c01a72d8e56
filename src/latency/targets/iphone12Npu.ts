import type { KernelTarget } from "../target.js";
import { fit } from "./iphone12Npu.fit.js";

export const iphone12Npu: KernelTarget = {
  kind: "kernels",
  title: "iPhone 12, Neural Engine",
  device: "iPhone 12",
  soc: "A14",
  os: "iOS 16",
  runtime: "Core ML, compute units all",
  dtype: "float16",
  protocolName: "ios16",
  protocol: "RepNeXt's repository, tools/latency.py: mean of Xcode 14's performance reports, batch 1",
  source:
    "Zhao et al. 2024, RepNeXt, github suous/RepNeXt tools/latency.py; by an offset each, tables of RepViT and SHViT",
  groups: [
    {
      title: "conv-like: tokens are mixed by convolutions",
      networks: [
        ...["fastvit_t8", "fastvit_t12", "mobileone_s1", "mobileone_s2", "mobileone_s3", "mobileone_s4"],
        ...["repvit_m0_9", "repvit_m1_0", "repvit_m1_1", "repvit_m1_5", "repvit_m2_3"],
        ...["starnet_s3", "starnet_s4"],
      ],
    },
    {
      title: "tokens are mixed by attention or by max-relative features in some layers",
      networks: ["fastvit_sa12", "fastvit_sa24", "mobilevig_ti", "mobilevig_s", "mobilevig_m", "mobilevig_b"],
    },
  ],
  ...fit,
};
