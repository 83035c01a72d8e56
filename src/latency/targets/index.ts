export { iphone13Npu } from "./iphone13Npu.js";
