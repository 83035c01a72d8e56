import type { BlockTarget } from "../target.js";
import { fit } from "./xeon_6130_mbconv.table.js";

export const xeon_6130_mbconv: BlockTarget = {
  kind: "blocks",
  title: "Xeon Gold 6130, inverted residuals",
  device: "Intel Xeon Gold 6130",
  soc: "Skylake, 16 cores",
  os: "not stated",
  runtime: "PyTorch, threads not stated",
  dtype: "float32",
  protocol:
    "TF-NAS's blocks timed one by one, batch 1, and added up; no whole network was timed, so the error is of a block told from its neighbours in width, not of adding up",
  source: "Hu et al. 2020, TF-NAS, ECCV, latency_pkl/latency_cpu.pkl, without squeeze-excite",
  form: "224 x 224 pixels, squeeze-excite in the stem's block",
  heldOut: [],
  ...fit,
};
