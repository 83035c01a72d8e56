import type { Dataset, Examples } from "../../train/dataset.js";

/** Training images parted: weights learn from the first four fifths, architecture parameters from the rest. */
export interface Splits {
  /** Positions among the training images. */
  readonly weights: readonly number[];
  readonly architecture: readonly number[];
  /** The data set with the held-out training images as its validation images: what networks are scored on. */
  readonly heldOut: Dataset;
}

const part = (of: Examples, from: number, to: number, size: number): Examples => ({
  images: of.images.subarray(from * size, to * size),
  labels: of.labels.subarray(from, to),
});

/**
 * @param images  training images used, the first so many
 *
 * Source of the shares: Wu et al. 2019, FBNet, arXiv:1812.03443, §4.1.
 */
export function splitsOf(dataset: Dataset, images: number): Splits {
  const used = Math.min(images, dataset.train.labels.length);
  const cut = Math.floor(0.8 * used);
  const size = dataset.channels * dataset.resolution ** 2;
  return {
    weights: Array.from({ length: cut }, (_, i) => i),
    architecture: Array.from({ length: used - cut }, (_, i) => cut + i),
    heldOut: { ...dataset, validation: part(dataset.train, cut, used, size) },
  };
}
