import { type Node, nodes } from "../../graph/node.js";
import { weightSpecs } from "../../graph/weights.js";
import type { Batch, OptimiserOptions, Trainer } from "../engine.js";
import { crossEntropy } from "../loss.js";
import { rules, stayingAt } from "../rules.js";
import type { Binding } from "./binding.js";
import type { Mode } from "./operator.js";
import { networkOf, run } from "./run.js";
import { openTensors, type Tensor } from "./tensors.js";
import { updates } from "./updates.js";

/** A network being trained by TensorFlow. */
export function trainerOn(
  binding: Binding,
  out: Node,
  initial: ReadonlyMap<string, Float32Array>,
  options: OptimiserOptions,
): Trainer {
  const tf = openTensors(binding);
  const specs = weightSpecs(out);
  const network = networkOf(out);
  const [channels, height, width] = nodes(out).find((node) => node.op.kind === "input")!.shape;
  const { rule = "sgd", averaging } = options;
  const copied = () =>
    new Map([...specs].map(([path, { shape }]) => [path, tf.floats(shape, initial.get(path)!.slice())]));
  const weights = copied();
  const average = averaging === undefined ? weights : copied();
  const slots = new Map<string, readonly Tensor[]>(
    [...specs]
      .filter(([, { learned }]) => learned)
      .map(([path, { shape }]) => [
        path,
        rules[rule].slots.map((start) =>
          tf.floats(shape, new Float32Array(initial.get(path)!.length).fill(start)),
        ),
      ]),
  );
  let steps = 0;

  const replace = (of: Map<string, Tensor>, path: string, by: Tensor): void => {
    tf.free(of.get(path)!);
    of.set(path, tf.keep(by));
  };

  const forth = ({ images, count }: Pick<Batch, "images" | "count">, mode: Mode) =>
    run(
      tf,
      network,
      tf.floats([count, height, width, channels], images),
      mode === "infer" ? average : weights,
      mode,
    );

  /** Forward, loss and back; `learn` sees each gradient while it lasts. */
  const learnt = (batch: Batch, mode: "learn" | "look", learn: (path: string, gradient: Tensor) => void) =>
    tf.passing(() => {
      const ran = forth(batch, mode);
      const logits = { count: batch.count, shape: out.shape, data: Float64Array.from(tf.read(ran.value)) };
      const { loss, correct, gradient } = crossEntropy(logits, batch.labels, options.labelSmoothing);
      if (mode === "learn")
        for (const [path, statistic] of ran.statistics)
          replace(weights, path, tf.op("Identity", [statistic]));
      ran.back(tf.floats(ran.value.shape, Float32Array.from(gradient.data)), learn);
      return { loss, correct, logits: Float32Array.from(logits.data) };
    });

  const update = (path: string, gradient: Tensor, learningRate: number): void =>
    tf.passing(() => {
      const { momentum, nesterov } = options;
      const weightDecay = specs.get(path)!.role === "kernel" ? options.weightDecay : 0;
      const by = { learningRate, number: steps, momentum, nesterov, weightDecay };
      const moved = updates[rule](tf, weights.get(path)!, gradient, slots.get(path)!, by);
      replace(weights, path, moved.weight);
      tf.free(...slots.get(path)!);
      slots.set(path, moved.slots.map(tf.keep));
    });

  const approach = (staying: number): void =>
    tf.passing(() => {
      const share = tf.floats([], Float32Array.of(1 - staying));
      for (const [path, mean] of average) {
        const gap = tf.op("Sub", [weights.get(path)!, mean]);
        replace(average, path, tf.op("AddV2", [mean, tf.op("Mul", [gap, share])]));
      }
    });

  return {
    step(batch, learningRate) {
      steps++;
      const { loss, correct } = learnt(batch, "learn", (path, gradient) =>
        update(path, gradient, learningRate),
      );
      if (averaging !== undefined) approach(stayingAt(averaging, steps));
      return { loss, correct };
    },
    gradients(batch) {
      const gradients = new Map<string, Float32Array>();
      const { loss, logits } = learnt(batch, "look", (path, gradient) =>
        gradients.set(path, tf.read(gradient)),
      );
      return { loss, logits, gradients };
    },
    watch({ images, count }, { made, lead, led }) {
      tf.passing(() => {
        const given = tf.floats([count, height, width, channels], images);
        const ran = run(tf, networkOf(out, true), given, weights, "look", {
          made: (node, value) => made?.(node, () => tf.read(value)),
          led(node, value, gradient) {
            if (node.op.kind !== "conv" && node.op.kind !== "input") return;
            led?.(
              node,
              () => tf.read(value),
              () => tf.read(gradient),
            );
          },
        });
        if (lead === undefined) return;
        ran.back(tf.floats(ran.value.shape, lead(tf.read(ran.value))), () => {});
      });
    },
    logits: (batch) => tf.passing(() => tf.read(forth(batch, "infer").value)),
    weights: () => new Map([...average].map(([path, tensor]) => [path, tf.read(tensor)])),
    heapBytes: tf.mostBytes,
    dispose: tf.close,
  };
}
