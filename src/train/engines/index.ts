export { reference } from "./reference.js";
export { wasm } from "./wasm.js";
export { wasmStrict } from "./wasmStrict.js";
