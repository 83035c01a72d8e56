import { wasmEngine } from "../wasm/engine.js";

/** Our own SIMD kernels at their fastest: relaxed where V8 has it, so that results are a kind of machine's own. */
export const wasm = wasmEngine("wasm", "WebAssembly (own SIMD kernels on tfjs-wasm)");
