export { reference } from "./reference.js";
export { wasm } from "./wasm.js";
