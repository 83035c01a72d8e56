import { performance } from "node:perf_hooks";
import { stream } from "../base/rng.js";
import { input, type Node } from "../graph/node.js";
import type { Engine } from "../train/engine.js";
import { initialWeights } from "../train/initial.js";

const resolution = 32;
const batch = 32;
const leastSeconds = 0.5;

/** Two inverted residuals on 32 × 32 pixels: a small piece of what a search trains. */
function probeNetwork(): Node {
  let x = input([3, resolution, resolution]).conv(16, { kernel: 3, stride: 2 }).norm().act("relu6");
  for (const stride of [1, 2]) {
    x = x.conv(48).norm().act("relu6").depthwise({ kernel: 3, stride }).norm().act("relu6").conv(16).norm();
  }
  return x.globalPool().conv(10, { bias: true });
}

/** Training images a second of an engine on a small network, after one step to warm up. */
export async function imagesPerSecond(engine: Engine): Promise<number> {
  const network = probeNetwork();
  const rng = stream(0, "probe");
  const trainer = await engine.open(network, initialWeights(network, rng), {
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0,
    labelSmoothing: 0,
  });
  const images = Float32Array.from({ length: batch * resolution ** 2 * 3 }, () => rng.normal());
  const labels = Uint8Array.from({ length: batch }, () => rng.below(10));
  const step = () => trainer.step({ images, labels, count: batch }, 0.01);
  step();
  const started = performance.now();
  let steps = 0;
  let seconds = 0;
  while (seconds < leastSeconds) {
    step();
    steps++;
    seconds = (performance.now() - started) / 1000;
  }
  trainer.dispose();
  return (steps * batch) / seconds;
}
