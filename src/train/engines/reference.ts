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
import { crossEntropy } from "../loss.js";
import { run } from "../reference/network.js";
import type { Tensor } from "../reference/tensor.js";
import { updates } from "../reference/updates.js";
import { rules, stayingAt } from "../rules.js";

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
  const { rule = "sgd", averaging } = options;
  const slots = new Map(
    [...weights].map(([path, { length }]) => [
      path,
      rules[rule].slots.map((start) => new Float64Array(length).fill(start)),
    ]),
  );
  const average =
    averaging === undefined ? weights : new Map([...weights].map(([path, w]) => [path, w.slice()]));
  let steps = 0;

  const learn = (batch: Batch) => {
    const ran = run(out, tensorOf(batch, shape), weights, true);
    const { labels, targets } = batch;
    const { loss, correct, gradient } = crossEntropy(ran.value, labels, options.labelSmoothing, targets);
    const { weights: gradients } = ran.back(gradient);
    return { loss, correct, statistics: ran.statistics, gradients, logits: ran.value.data };
  };

  return {
    step(batch, learningRate) {
      const { loss, correct, statistics, gradients } = learn(batch);
      steps++;
      for (const [path, gradient] of gradients) {
        const weightDecay = specs.get(path)!.role === "kernel" ? options.weightDecay : 0;
        const { momentum, nesterov } = options;
        const by = { learningRate, number: steps, momentum, nesterov, weightDecay };
        updates[rule](weights.get(path)!, gradient, slots.get(path)!, by);
      }
      for (const [path, statistic] of statistics) {
        const running = weights.get(path)!;
        statistic.forEach((s, i) => {
          running[i]! += statisticsMomentum * (s - running[i]!);
        });
      }
      if (averaging !== undefined)
        for (const [path, mean] of average)
          weights.get(path)!.forEach((w, i) => {
            mean[i]! += (1 - stayingAt(averaging, steps)) * (w - mean[i]!);
          });
      return { loss, correct };
    },
    gradients(batch) {
      const { loss, gradients, logits } = learn(batch);
      return { loss, gradients: rounded(gradients), logits: Float32Array.from(logits) };
    },
    watch(batch, { made, lead, led }) {
      const ran = run(out, tensorOf(batch, shape), weights, true);
      const numbers = (of: ReadonlyMap<Node, Tensor>, node: Node) => () =>
        Float32Array.from(of.get(node)!.data);
      for (const node of ran.values.keys()) made?.(node, numbers(ran.values, node));
      if (lead === undefined) return;
      const data = Float64Array.from(lead(Float32Array.from(ran.value.data)));
      const { values } = ran.back({ ...ran.value, data });
      for (const node of [...values.keys()].filter(({ op }) => op.kind === "conv" || op.kind === "input"))
        led?.(node, numbers(ran.values, node), numbers(values, node));
    },
    logits: (batch) => Float32Array.from(run(out, tensorOf(batch, shape), average, false).value.data),
    weights: () => rounded(average),
    heapBytes: () =>
      [...new Set([...weights.values(), ...average.values(), ...[...slots.values()].flat()])].reduce(
        (sum, { byteLength }) => sum + byteLength,
        0,
      ),
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
