import { stream } from "../base/rng.js";
import { onnx } from "../export/formats/onnx.js";
import type { Node } from "../graph/node.js";
import { sizeOf, weightSpecs } from "../graph/weights.js";

const pool = (() => {
  const rng = stream(0, "timing");
  return Float32Array.from({ length: 1 << 16 }, () => rng.normal());
})();

/** Numbers of this spread, repeating after 65,536. */
function noise(length: number, deviation: number): Float32Array {
  const found = new Float32Array(length);
  for (let at = 0; at < length; at += pool.length)
    found.set(length - at < pool.length ? pool.subarray(0, length - at) : pool, at);
  return found.map((v) => v * deviation);
}

/** A network as an ONNX file to be timed: norms folded, weights random of the size they have before training. */
export function timingModel(out: Node): Uint8Array {
  const weights = new Map(
    [...weightSpecs(out)].map(([path, { shape, initial }]) => {
      const length = sizeOf(shape);
      return [
        path,
        "value" in initial ? new Float32Array(length).fill(initial.value) : noise(length, initial.deviation),
      ] as const;
    }),
  );
  const exported = {
    name: "timing",
    network: out,
    weights,
    weightsFrom: "random",
    reproduce: { command: "nas latency measure", version: "", seed: 0, data: "" },
  };
  return onnx.write(exported, { foldNorms: true });
}
