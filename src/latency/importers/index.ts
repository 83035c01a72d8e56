export { aiHub } from "./aiHub.js";
export { onnxruntime } from "./onnxruntime.js";
export { paddle } from "./paddle.js";
export { proxyless } from "./proxyless.js";
export { results } from "./results.js";
export { resultsLog } from "./resultsLog.js";
export { tfliteProfile } from "./tfliteProfile.js";
