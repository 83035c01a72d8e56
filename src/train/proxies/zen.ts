import type { Rng } from "../../base/rng.js";
import { Node, nodes } from "../../graph/node.js";
import { rewrite } from "../../graph/rewrite.js";
import { sizeOf, weightSpecs } from "../../graph/weights.js";
import type { Trainer } from "../engine.js";
import { batchSize, type ZeroCostProxy } from "../proxy.js";

/** How far images are moved, in deviations of a pixel. */
const step = 0.01;

/**
 * Zen-score: how much the features of random images move with the images, in a network with kernels drawn from a normal
 * of deviation 1 and without its shortcuts, what normalisations take away put back: ln D + Σ over normalisations of
 * ln √(mean over channels of the batch's variance, unbiased), D the mean over images of Σ |f(x) - f(x + 0.01 · x')| and f
 * the feature map before the last global pooling. One draw of 64 images; the variances are those of x, no running ones.
 *
 * paper  Lin et al. 2021, Zen-NAS, arXiv:2102.01063
 */
export const zen: ZeroCostProxy = {
  summary: "how much features move with random images; needs no data",
  score(out, { on, rng }) {
    const features = withoutShortcuts(featuresOf(out));
    const random = rng("zen");
    const images = drawn(batchSize * sizeOf(nodes(features)[0]!.shape), random);
    const moved = images.map((x) => x + step * random.normal());
    const normalised = new Set(
      nodes(features)
        .filter(({ op }) => op.kind === "norm")
        .map(({ inputs }) => inputs[0]!),
    );
    const look = (trainer: Trainer) => {
      let scale = 0;
      const seen = [images, moved].map((pixels) => {
        let value: Float32Array = new Float32Array();
        trainer.watch(
          { images: pixels, count: batchSize },
          {
            made(node, read) {
              if (pixels === images && normalised.has(node))
                scale += Math.log(meanVariance(read(), node.channels)) / 2;
              if (node === features) value = read();
            },
          },
        );
        return value;
      });
      const distance = seen[0]!.reduce((sum, f, i) => sum + Math.abs(f - seen[1]![i]!), 0) / batchSize;
      return Math.log(distance) + scale;
    };
    return on(features, look, gaussian(features, random));
  },
};

const drawn = (length: number, rng: Rng): Float32Array => Float32Array.from({ length }, () => rng.normal());

/** What the last global pooling reads, the whole network where there is none. */
const featuresOf = (out: Node): Node =>
  nodes(out).findLast(({ op }) => op.kind === "globalPool")?.inputs[0] ?? out;

/** Sums without the inputs that others of their inputs are made of. */
const withoutShortcuts = (out: Node): Node =>
  rewrite(out, ({ op, inputs: before, name }, inputs) => {
    const isShortcut = (from: Node) => before.some((other) => other !== from && nodes(other).includes(from));
    const deep = op.kind === "add" ? inputs.filter((_, i) => !isShortcut(before[i]!)) : inputs;
    return op.kind === "add" && deep.length === 1 ? deep[0]! : new Node(op, deep, name);
  });

/** Kernels of deviation 1, layer scales of 1, the rest as training starts. */
const gaussian = (out: Node, rng: Rng): ReadonlyMap<string, Float32Array> =>
  new Map(
    [...weightSpecs(out)].map(([path, { role, shape, initial }]) => {
      const size = sizeOf(shape);
      if (role === "kernel") return [path, drawn(size, rng)];
      if ("deviation" in initial) return [path, drawn(size, rng).map((n) => initial.deviation * n)];
      return [path, new Float32Array(size).fill(role === "factor" ? 1 : initial.value)];
    }),
  );

/** Of each channel the unbiased variance, averaged; values are [positions, channels]. */
function meanVariance(values: Float32Array, channels: number): number {
  const positions = values.length / channels;
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  values.forEach((v, i) => {
    sums[i % channels]! += v;
    squares[i % channels]! += v * v;
  });
  return (
    squares.reduce((all, square, c) => all + square - sums[c]! ** 2 / positions, 0) /
    (positions - 1) /
    channels
  );
}
