export { coreml } from "./coreml.js";
export { onnx } from "./onnx.js";
export { tflite } from "./tflite.js";
