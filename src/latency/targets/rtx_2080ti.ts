import type { BlockTarget } from "../target.js";
import { form } from "./fbnet.form.js";
import { heldOut } from "./fbnet.heldOut.js";
import { fit } from "./rtx_2080ti.table.js";

export const rtx_2080ti: BlockTarget = {
  kind: "blocks",
  title: "GeForce RTX 2080 Ti",
  device: "NVIDIA GeForce RTX 2080 Ti",
  soc: "TU102",
  os: "not stated",
  runtime: "PyTorch with CUDA",
  dtype: "float32",
  protocol: "HELP's FBNet networks, batch 1, 32 x 32 pixels: whole networks",
  source: "Lee et al. 2021, HELP, NeurIPS, data/fbnet",
  form,
  heldOut,
  ...fit,
};
