export { iphone13Npu } from "./iphone13Npu.js";
export { pixel3Cpu } from "./pixel3Cpu.js";
export { raspberrypi4Cpu } from "./raspberrypi4Cpu.js";
export { rtx_2080ti } from "./rtx_2080ti.js";
export { xeon_gold_6240 } from "./xeon_gold_6240.js";
