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

/** Weights for a network that is only timed: random, of the size they have before training. */
export const timingWeights = (out: Node): ReadonlyMap<string, Float32Array> =>
  new Map(
    [...weightSpecs(out)].map(([path, { shape, initial }]) => {
      const length = sizeOf(shape);
      return [
        path,
        "value" in initial ? new Float32Array(length).fill(initial.value) : noise(length, initial.deviation),
      ] as const;
    }),
  );

/** A network as an ONNX file to be timed, norms folded. */
export function timingModel(out: Node): Uint8Array {
  const exported = {
    name: "timing",
    network: out,
    weights: timingWeights(out),
    weightsFrom: "random",
    reproduce: { command: "nas latency measure", version: "", seed: 0, data: "" },
  };
  return onnx.write(exported, { foldNorms: true });
}
