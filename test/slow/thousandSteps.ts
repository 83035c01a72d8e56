// Trains the benchmark network for 1,000 steps in a process of its own, and prints what it held early, late and at most.
import { memory } from "@tensorflow/tfjs-core";
import { stream } from "../../src/base/rng.js";
import { input, type Node } from "../../src/graph/node.js";
import { wasm } from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";

/** Out channels, repeats, first stride, kernel, expansion. */
const stages = [
  [16, 1, 1, 3, 1],
  [24, 2, 2, 3, 4],
  [40, 2, 2, 5, 4],
  [80, 3, 1, 3, 4],
  [112, 2, 2, 5, 4],
] as const;

function network(): Node {
  let x = input([3, 32, 32]).conv(16, { kernel: 3 }).norm().act("relu6");
  for (const [out, repeats, first, kernel, expansion] of stages)
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? first : 1;
      const wide = x
        .conv(x.channels * expansion)
        .norm()
        .act("relu6");
      const thin = wide.depthwise({ kernel, stride }).norm().act("relu6").conv(out).norm();
      x = stride === 1 && out === x.channels ? thin.add(x) : thin;
    }
  return x.conv(256).norm().act("relu6").globalPool().conv(10, { bias: true });
}

const rng = stream(1, "memory");
const out = network();
const count = 64;
const batch = {
  count,
  images: Float32Array.from({ length: count * 3 * 32 * 32 }, () => rng.normal()),
  labels: Uint8Array.from({ length: count }, () => rng.below(10)),
};
const trainer = await wasm.open(out, initialWeights(out, rng), {
  momentum: 0.9,
  nesterov: true,
  weightDecay: 1e-4,
  labelSmoothing: 0.1,
});
const held = () => ({ tensors: memory().numTensors, heapBytes: trainer.heapBytes() });
const train = (steps: number) => {
  for (let i = 0; i < steps; i++) trainer.step(batch, 0.01);
  return held();
};
const early = train(20);
const late = train(Number(process.argv[2] ?? 1000) - 20);
console.log(JSON.stringify({ early, late, peakMb: process.resourceUsage().maxRSS / 1024 }));
