export { reference } from "./reference.js";
export { tfjsNode } from "./tfjsNode.js";
export { wasm } from "./wasm.js";
export { wasmStrict } from "./wasmStrict.js";
