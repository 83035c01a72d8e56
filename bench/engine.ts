// Images a second of one worker on the benchmark network: node dist/bench/engine.js [seconds] [engine]

import { lookup } from "../src/base/lookup.js";
import { stream } from "../src/base/rng.js";
import { input, type Node } from "../src/graph/node.js";
import * as engines from "../src/train/engines/index.js";
import { initialWeights } from "../src/train/initial.js";

/** Out channels, repeats, first stride, kernel, expansion. */
const stages = [
  [16, 1, 1, 3, 1],
  [24, 2, 2, 3, 4],
  [40, 2, 2, 5, 4],
  [80, 3, 1, 3, 4],
  [112, 2, 2, 5, 4],
] as const;

/** An inverted residual that widens even where the expansion is 1. */
function invertedResidual(x: Node, out: number, stride: number, kernel: number, expansion: number): Node {
  const wide = x
    .conv(x.channels * expansion)
    .norm()
    .act("relu6");
  const deep = wide.depthwise({ kernel, stride }).norm().act("relu6");
  const thin = deep.conv(out).norm();
  return stride === 1 && out === x.channels ? thin.add(x) : thin;
}

/** 385,834 params, 18.995 M MACs at 3 × 32 × 32. */
export function benchmarkNetwork(): Node {
  let x = input([3, 32, 32]).conv(16, { kernel: 3 }).norm().act("relu6");
  for (const [out, repeats, stride, kernel, expansion] of stages)
    for (let i = 0; i < repeats; i++) x = invertedResidual(x, out, i === 0 ? stride : 1, kernel, expansion);
  return x.conv(256).norm().act("relu6").globalPool().conv(10, { bias: true });
}

/** Steps of batch 64 for some seconds after a warm-up: images a second of the median and of the best step. */
export async function imagesPerSecond(engine: string, seconds: number) {
  const out = benchmarkNetwork();
  const rng = stream(1, "bench");
  const count = 64;
  const batch = {
    count,
    images: Float32Array.from({ length: count * 3 * 32 * 32 }, () => rng.normal()),
    labels: Uint8Array.from({ length: count }, () => rng.below(10)),
  };
  const trainer = await lookup(engines, engine, "engine").open(out, initialWeights(out, rng), {
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    labelSmoothing: 0,
  });
  const warm = performance.now() + 2000;
  while (performance.now() < warm) trainer.step(batch, 0.05);
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const start = performance.now();
    trainer.step(batch, 0.05);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return {
    median: (1000 * count) / times[Math.floor(times.length / 2)]!,
    best: (1000 * count) / times[0]!,
    heapBytes: trainer.heapBytes(),
  };
}

const [seconds = "6", engine = "wasm"] = process.argv.slice(2);
const { median, best, heapBytes } = await imagesPerSecond(engine, Number(seconds));
console.log(
  `${engine}: ${median.toFixed(1)} images/s (median), ${best.toFixed(1)} (best), heap ${Math.round(heapBytes / 2 ** 20)} MB`,
);
