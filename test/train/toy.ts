import { stream } from "../../src/base/rng.js";
import { input } from "../../src/graph/node.js";
import { print } from "../../src/graph/text.js";
import { type Dataset, type Examples, sharedBytes, splitDataset } from "../../src/train/dataset.js";
import type { Fidelity } from "../../src/train/fit.js";
import type { TrainingAnswer } from "../../src/train/question.js";

/** Grey 8 × 8 images with a bright bar: class 0 lying, class 1 standing. */
export function toyExamples(count: number): Examples {
  const rng = stream(3, "toy");
  const images = sharedBytes(count * 64).map(() => rng.below(60));
  const labels = sharedBytes(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % 2;
    const at = 1 + rng.below(6);
    for (let k = 0; k < 8; k++) images[i * 64 + (labels[i] === 0 ? at * 8 + k : k * 8 + at)] = 220;
  }
  return { images, labels };
}

export const toyFacts = {
  name: "toy",
  title: "bars",
  synthetic: true,
  channels: 1,
  resolution: 8,
  classes: 2,
  classNames: ["lying", "standing"],
  source: "this test",
};

export const toy = (count = 200): Dataset => splitDataset(toyFacts, toyExamples(count));

export const toyNetwork = input([1, 8, 8])
  .conv(8, { kernel: 3 })
  .norm()
  .act("relu")
  .globalPool()
  .conv(2, { bias: true })
  .as("head");

export const toyText = print(toyNetwork);

export const short: Fidelity = { epochs: 2, images: 64, batch: 16 };

/** An answer without what depends on the clock. */
export function timeless(answer: TrainingAnswer): unknown {
  if (answer.status === "failed") return answer;
  const { seconds, imagesPerSecond, ...rest } = answer;
  return { ...rest, epochs: rest.epochs.map(({ seconds, ...epoch }) => epoch) };
}
