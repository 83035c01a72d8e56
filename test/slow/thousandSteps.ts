// Trains the benchmark network for 1,000 steps in a process of its own, and prints what it held early, late and at most.
import { benchmarkNetwork } from "../../bench/trainNetworks.js";
import { stream } from "../../src/base/rng.js";
import { wasm } from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";
import { openHeap } from "../../src/train/wasm/heap.js";

const rng = stream(1, "memory");
const out = benchmarkNetwork();
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
const heap = await openHeap();
const held = () => ({ tensors: heap.tensors(), heapBytes: trainer.heapBytes() });
const train = (steps: number) => {
  for (let i = 0; i < steps; i++) trainer.step(batch, 0.01);
  return held();
};
const early = train(20);
const late = train(Number(process.argv[2] ?? 1000) - 20);
console.log(JSON.stringify({ early, late, peakMb: process.resourceUsage().maxRSS / 1024 }));
