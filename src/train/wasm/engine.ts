import { createRequire } from "node:module";
import type { Engine } from "../engine.js";
import type { SimdLevel } from "./kernels.js";
import { named } from "./v8.js";

const { version } = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json") as {
  version: string;
};

/**
 * An engine of our own kernels in the heap of tfjs' wasm backend, one thread.
 * tfjs is loaded when it opens: commands that train nothing start sooner.
 *
 * @param name   what a row calls it
 * @param level  of SIMD; by default the fastest there is
 */
export function wasmEngine(name: string, title: string, level?: SimdLevel): Engine {
  let opened = "";
  return {
    title,
    build: () => opened,
    async open(out, weights, options) {
      const [{ openHeap }, { trainerOn }] = await Promise.all([import("./heap.js"), import("./trainer.js")]);
      const heap = await openHeap(level);
      opened = `${name}, ${named(heap.level)}, kernels ${heap.hash}, tfjs ${version}, V8 ${process.versions.v8}`;
      return trainerOn(heap, out, weights, options);
    },
  };
}
