import type { BlockTarget } from "../target.js";
import { form } from "./fbnet.form.js";
import { heldOut } from "./fbnet.heldOut.js";
import { fit } from "./xeon_gold_6240.table.js";

export const xeon_gold_6240: BlockTarget = {
  kind: "blocks",
  title: "Xeon Gold 6240",
  device: "Intel Xeon Gold 6240",
  soc: "Cascade Lake, 18 cores",
  os: "not stated",
  runtime: "PyTorch, threads not stated",
  dtype: "float32",
  protocol: "HELP's FBNet networks, batch 1, 32 x 32 pixels: whole networks",
  source: "Lee et al. 2021, HELP, NeurIPS, data/fbnet",
  form,
  heldOut,
  ...fit,
};
