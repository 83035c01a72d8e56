import { lookup } from "../src/base/lookup.js";
import { stream } from "../src/base/rng.js";
import { input, type Node, nodes } from "../src/graph/node.js";
import { build, proxyForm } from "../src/space/build.js";
import { parseGenome } from "../src/space/candidate.js";
import { rapidnet } from "../src/space/spaces/index.js";
import type { Batch, OptimiserOptions } from "../src/train/engine.js";

/** Images a step. */
export const batchSize = 64;
export const classes = 10;
export const learningRate = 0.01;
export const optimiser: OptimiserOptions = {
  momentum: 0.9,
  nesterov: false,
  weightDecay: 1e-4,
  labelSmoothing: 0,
};

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
  return x.conv(256).norm().act("relu6").globalPool().conv(classes, { bias: true });
}

/** An inverted residual on 8 × 8 pixels: to try the program, not to measure. */
function tinyNetwork(): Node {
  const stem = input([3, 8, 8]).conv(8, { kernel: 3 }).norm().act("relu6");
  return invertedResidual(stem, 8, 1, 3, 2).globalPool().conv(classes, { bias: true });
}

/** Networks of the default space, told apart by what is slow in them. */
const genomes = {
  dilated:
    "rapidnet:inverted-residual,depth=2,width=32,kernel=3,expand=4,attention=none/" +
    "inverted-residual,depth=2,width=64,kernel=3,expand=4,attention=none/" +
    "inverted-residual,depth=3,width=112,kernel=5,expand=3,attention=none/" +
    "multi-level-dilated,depth=2,levels=2+3,kernel=7,expand=4,attention=none/" +
    "inverted-residual,depth=2,width=224,kernel=5,expand=3,attention=none/" +
    "multi-level-dilated,depth=2,levels=1+2+3,kernel=5,expand=3,attention=none",
  fused:
    "rapidnet:fused-inverted-residual,depth=2,width=40,expand=3/" +
    "fused-inverted-residual,depth=2,width=80,expand=3/" +
    "inverted-residual,depth=4,width=128,kernel=3,expand=4,attention=squeeze-excite/" +
    "multi-level-dilated,depth=1,levels=2+3+4,kernel=5,expand=3,attention=squeeze-excite/" +
    "inverted-residual,depth=2,width=192,kernel=7,expand=4,attention=squeeze-excite/" +
    "inverted-residual,depth=2,kernel=3,expand=4,attention=additive",
  attention:
    "rapidnet:inverted-residual,depth=2,width=24,kernel=5,expand=3,attention=squeeze-excite/" +
    "inverted-residual,depth=2,width=48,kernel=3,expand=4,attention=none/" +
    "inverted-residual,depth=3,width=96,kernel=3,expand=4,attention=none/" +
    "inverted-residual,depth=2,kernel=3,expand=3,attention=graph/" +
    "inverted-residual,depth=2,width=192,kernel=3,expand=3,attention=none/" +
    "multi-level-dilated,depth=2,levels=2,kernel=5,expand=3,attention=mhsa",
};

/** In the form a search trains on images of these sizes. */
const fromRapidnet = Object.entries(genomes).flatMap(([name, genome]) =>
  [32, 96].map((resolution): [string, () => Node] => [
    `rapidnet-${name}-${resolution}`,
    () =>
      build(
        rapidnet,
        parseGenome(rapidnet, genome),
        proxyForm(rapidnet, { resolution, channels: 3, classes }),
      ),
  ]),
);

/** What `--networks` takes. */
const networks: Readonly<Record<string, () => Node>> = {
  benchmark: benchmarkNetwork,
  ...Object.fromEntries(fromRapidnet),
  tiny: tinyNetwork,
};

/** @throws UserError  naming the known networks */
export const networkNamed = (name: string): Node => lookup(networks, name, "network")();

/** All but `tiny`, which is there to try the program. */
export const defaultNetworks = Object.keys(networks).filter((name) => name !== "tiny");

/** One batch of noise with random labels, the same wherever it is drawn. */
export function noiseBatch(out: Node): Batch {
  const [channels, height, width] = nodes(out).find((node) => node.op.kind === "input")!.shape;
  const rng = stream(1, "bench", "batch");
  return {
    count: batchSize,
    images: Float32Array.from({ length: batchSize * channels * height * width }, () => rng.normal()),
    labels: Uint8Array.from({ length: batchSize }, () => rng.below(classes)),
  };
}
