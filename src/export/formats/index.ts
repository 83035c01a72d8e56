export { onnx } from "./onnx.js";
export { spec } from "./spec.js";
