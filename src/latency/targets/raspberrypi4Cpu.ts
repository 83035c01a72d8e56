import type { BlockTarget } from "../target.js";
import { form } from "./fbnet.form.js";
import { heldOut } from "./fbnet.heldOut.js";
import { fit } from "./raspberrypi4Cpu.table.js";

export const raspberrypi4Cpu: BlockTarget = {
  kind: "blocks",
  title: "Raspberry Pi 4, CPU",
  device: "Raspberry Pi 4",
  soc: "BCM2711, Cortex-A72",
  os: "not stated",
  runtime: "TensorFlow Lite, threads not stated",
  dtype: "not stated",
  protocol:
    "HELP's FBNet networks, batch 1, 32 x 32 pixels: sums of blocks timed one by one; no whole network was timed, so the error is of adding up, not of the board",
  source: "Lee et al. 2021, HELP, NeurIPS, data/fbnet; taken there from Li et al. 2021, HW-NAS-Bench, ICLR",
  form,
  heldOut,
  ...fit,
};
