import type { Node } from "../../graph/node.js";
import { nodes } from "../../graph/node.js";
import type { Shape } from "../../graph/op.js";
import { weightSpecs } from "../../graph/weights.js";
import {
  type Batch,
  type Engine,
  type OptimiserOptions,
  statisticsMomentum,
  type Trainer,
} from "../engine.js";
import { crossEntropy } from "../reference/loss.js";
import { run } from "../reference/network.js";
import type { Tensor } from "../reference/tensor.js";

/**
 * The plain engine: every operator as its definition reads, float64 inside, slow.
 * What the others are compared with.
 */
export const reference: Engine = {
  title: "Reference (plain TypeScript, float64)",
  build: () => `reference, V8 ${process.versions.v8}`,
  open: async (out, weights, options) => trainer(out, weights, options),
};

type Numbers = ReadonlyMap<string, Float64Array>;

function trainer(out: Node, initial: ReadonlyMap<string, Float32Array>, options: OptimiserOptions): Trainer {
  const specs = weightSpecs(out);
  const shape = nodes(out).find((node) => node.op.kind === "input")!.shape;
  const weights = new Map([...specs.keys()].map((path) => [path, Float64Array.from(initial.get(path)!)]));
  const velocities: Numbers = new Map(
    [...weights].map(([path, { length }]) => [path, new Float64Array(length)]),
  );

  const learn = (batch: Batch) => {
    const ran = run(out, tensorOf(batch, shape), weights, true);
    const { loss, correct, gradient } = crossEntropy(ran.value, batch.labels, options.labelSmoothing);
    return { loss, correct, statistics: ran.statistics, gradients: ran.back(gradient).weights };
  };

  return {
    step(batch, learningRate) {
      const { loss, correct, statistics, gradients } = learn(batch);
      for (const [path, gradient] of gradients) {
        const weight = weights.get(path)!;
        const velocity = velocities.get(path)!;
        const decay = specs.get(path)!.role === "kernel" ? options.weightDecay : 0;
        gradient.forEach((g, i) => {
          const pull = g + decay * weight[i]!;
          velocity[i] = options.momentum * velocity[i]! + pull;
          weight[i]! -=
            learningRate * (options.nesterov ? pull + options.momentum * velocity[i]! : velocity[i]!);
        });
      }
      for (const [path, statistic] of statistics) {
        const running = weights.get(path)!;
        statistic.forEach((s, i) => {
          running[i]! += statisticsMomentum * (s - running[i]!);
        });
      }
      return { loss, correct };
    },
    gradients(batch) {
      const { loss, gradients } = learn(batch);
      return { loss, gradients: rounded(gradients) };
    },
    logits: (batch) => Float32Array.from(run(out, tensorOf(batch, shape), weights, false).value.data),
    weights: () => rounded(weights),
    heapBytes: () => [...weights.values()].reduce((sum, { byteLength }) => sum + 2 * byteLength, 0),
    dispose() {
      weights.clear();
    },
  };
}

const rounded = (numbers: Numbers): ReadonlyMap<string, Float32Array> =>
  new Map([...numbers].map(([path, values]) => [path, Float32Array.from(values)]));

const tensorOf = ({ images, count }: Pick<Batch, "images" | "count">, shape: Shape): Tensor => ({
  count,
  shape,
  data: Float64Array.from(images),
});
