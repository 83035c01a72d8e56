import type { Tensor } from "@tensorflow/tfjs-core";
import { type Node, nodes } from "../../graph/node.js";
import { weightSpecs } from "../../graph/weights.js";
import type { Batch, OptimiserOptions, Trainer } from "../engine.js";
import { crossEntropy } from "../reference/loss.js";
import type { Mode } from "./affine.js";
import type { Heap } from "./heap.js";
import { readRows, writeRows } from "./images.js";
import { networkOf, run } from "./run.js";

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
    heap.floats(heap.address(tensor), numbers.length).set(numbers);
    return tensor;
  };
  const read = (tensor: Tensor) => heap.floats(heap.address(tensor), tensor.size).slice();

  const weights = new Map([...specs.keys()].map((path) => [path, flat(initial.get(path)!)]));
  const velocities = new Map(
    [...specs]
      .filter(([, { learned }]) => learned)
      .map(([path]) => [path, flat(new Float32Array(weights.get(path)!.size))]),
  );

  const forth = ({ images, count }: Pick<Batch, "images" | "count">, mode: Mode) =>
    run(heap, network, writeRows(heap, images, count, shape), weights, mode);

  /** Forward, loss and back; `visit` sees each gradient while it lasts. */
  const learn = (batch: Batch, mode: "learn" | "look", visit: (path: string, gradient: Tensor) => void) =>
    heap.passing(() => {
      const ran = forth(batch, mode);
      const data = Float64Array.from(readRows(heap, ran.value));
      const logits = { count: batch.count, shape: out.shape, data };
      const { loss, correct, gradient } = crossEntropy(logits, batch.labels, options.labelSmoothing);
      ran.back(writeRows(heap, Float32Array.from(gradient.data), batch.count, out.shape), visit);
      return { loss, correct };
    });

  return {
    step: (batch, learningRate) =>
      learn(batch, "learn", (path, gradient) => {
        const [weight, velocity] = [weights.get(path)!, velocities.get(path)!];
        heap.kernels.sgd(
          heap.address(weight),
          heap.address(gradient),
          heap.address(velocity),
          gradient.size,
          learningRate,
          options.momentum,
          specs.get(path)!.role === "kernel" ? options.weightDecay : 0,
          options.nesterov,
        );
      }),
    gradients(batch) {
      const gradients = new Map<string, Float32Array>();
      const { loss } = learn(batch, "look", (path, gradient) => gradients.set(path, read(gradient)));
      return { loss, gradients };
    },
    logits: (batch) => heap.passing(() => readRows(heap, forth(batch, "infer").value)),
    weights: () => new Map([...weights].map(([path, tensor]) => [path, read(tensor)])),
    heapBytes: heap.bytes,
    dispose() {
      for (const tensor of [...weights.values(), ...velocities.values()]) tensor.dispose();
    },
  };
}
