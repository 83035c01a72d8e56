import { createRequire } from "node:module";
import type { Engine } from "../engine.js";
import { openHeap } from "../wasm/heap.js";
import type { SimdLevel } from "../wasm/kernels.js";
import { trainerOn } from "../wasm/trainer.js";

const { version } = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json") as {
  version: string;
};

let level: SimdLevel | undefined;

/** Our own SIMD kernels in the heap of tfjs' wasm backend, one thread. */
export const wasm: Engine = {
  title: "WebAssembly (own SIMD kernels on tfjs-wasm)",
  build: () => `wasm, tfjs ${version}, ${level}, V8 ${process.versions.v8}`,
  async open(out, weights, options) {
    const heap = await openHeap();
    level = heap.level;
    return trainerOn(heap, out, weights, options);
  },
};
