import { type Node, nodes } from "../../graph/node.js";
import { weightSpecs } from "../../graph/weights.js";
import type { Batch, OptimiserOptions, Trainer } from "../engine.js";
import { crossEntropy } from "../loss.js";
import { rules, stayingAt } from "../rules.js";
import type { Mode } from "./affine.js";
import type { Heap, Tensor } from "./heap.js";
import { readRows, tight, writeRows } from "./images.js";
import { networkOf, run } from "./run.js";
import { updates } from "./updates.js";

/** A network being trained on a heap. */
export function trainerOn(
  heap: Heap,
  out: Node,
  initial: ReadonlyMap<string, Float32Array>,
  options: OptimiserOptions,
): Trainer {
  const specs = weightSpecs(out);
  const network = networkOf(out);
  const { shape } = nodes(out).find((node) => node.op.kind === "input")!;
  const flat = (numbers: Float32Array): Tensor => {
    const tensor = heap.tensor([numbers.length]);
    heap.floats(tensor.at, numbers.length).set(numbers);
    return tensor;
  };
  const read = (tensor: Tensor) => heap.floats(tensor.at, tensor.size).slice();

  const { rule = "sgd", averaging } = options;
  const copied = () => new Map([...specs.keys()].map((path) => [path, flat(initial.get(path)!)]));
  const weights = copied();
  const slots = new Map(
    [...specs]
      .filter(([, { learned }]) => learned)
      .map(([path]) => [
        path,
        rules[rule].slots.map((start) => flat(new Float32Array(weights.get(path)!.size).fill(start))),
      ]),
  );
  const average = averaging === undefined ? weights : copied();
  let steps = 0;

  const forth = ({ images, count }: Pick<Batch, "images" | "count">, mode: Mode) =>
    run(heap, network, writeRows(heap, images, count, shape), mode === "infer" ? average : weights, mode);

  const update = (path: string, gradient: Tensor, learningRate: number): void => {
    const weightDecay = specs.get(path)!.role === "kernel" ? options.weightDecay : 0;
    const { momentum, nesterov } = options;
    const by = { learningRate, number: steps, momentum, nesterov, weightDecay };
    const [weight, from] = [weights.get(path)!.at, gradient.at];
    updates[rule](
      heap.kernels,
      weight,
      from,
      slots.get(path)!.map(({ at }) => at),
      gradient.size,
      by,
    );
  };

  /** Forward, loss and back; `visit` sees each gradient while it lasts. */
  const learn = (batch: Batch, mode: "learn" | "look", visit: (path: string, gradient: Tensor) => void) =>
    heap.passing(() => {
      const ran = forth(batch, mode);
      const data = Float64Array.from(readRows(heap, ran.value));
      const logits = { count: batch.count, shape: out.shape, data };
      const { loss, correct, gradient } = crossEntropy(
        logits,
        batch.labels,
        options.labelSmoothing,
        batch.targets,
      );
      ran.back(writeRows(heap, Float32Array.from(gradient.data), batch.count, out.shape), visit);
      return { loss, correct, logits: Float32Array.from(data) };
    });

  return {
    step(batch, learningRate) {
      steps++;
      const { loss, correct } = learn(batch, "learn", (path, gradient) =>
        update(path, gradient, learningRate),
      );
      if (averaging !== undefined)
        for (const [path, mean] of average)
          heap.kernels.approach(mean.at, weights.get(path)!.at, 1 - stayingAt(averaging, steps), mean.size);
      return { loss, correct };
    },
    gradients(batch) {
      const gradients = new Map<string, Float32Array>();
      const { loss, logits } = learn(batch, "look", (path, gradient) => gradients.set(path, read(gradient)));
      return { loss, gradients, logits };
    },
    watch({ images, count }, { made, lead, led }) {
      heap.passing(() => {
        const ran = run(heap, networkOf(out, true), writeRows(heap, images, count, shape), weights, "look", {
          made: (node, value) => made?.(node, () => readRows(heap, value)),
          led(node, value, gradient) {
            if (node.op.kind !== "conv" && node.op.kind !== "input") return;
            const numbers = () =>
              heap.scratch((take) => tight(heap, value, gradient(value.rows, take)(0, value.rows), take));
            led?.(node, () => readRows(heap, value), numbers);
          },
        });
        if (lead === undefined) return;
        ran.back(writeRows(heap, lead(readRows(heap, ran.value)), count, out.shape), () => {});
      });
    },
    logits: (batch) => heap.passing(() => readRows(heap, forth(batch, "infer").value)),
    weights: () => new Map([...average].map(([path, tensor]) => [path, read(tensor)])),
    heapBytes: heap.bytes,
    dispose() {
      for (const tensor of new Set([...weights.values(), ...average.values(), ...[...slots.values()].flat()]))
        tensor.dispose();
    },
  };
}
