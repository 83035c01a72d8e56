import { wasmEngine } from "../wasm/engine.js";

/** Our own SIMD kernels without relaxed instructions: the same bits on every machine. */
export const wasmStrict = wasmEngine(
  "wasm-strict",
  "WebAssembly without relaxed SIMD (the same bits on every machine)",
  "simd128",
);
