import type { Rng } from "../base/rng.js";
import type { Dataset, Examples } from "./dataset.js";
import type { Batch } from "./engine.js";

/** Zeros put around an image before it is cropped back to its size, in pixels. */
const padding = 4;

/**
 * Training images at these positions: each shifted by up to 4 pixels either way
 * over a border of black (a random crop of the padded image), flipped left to
 * right half of the time, then normalised by channel. Draws three numbers an image.
 *
 * Source: He et al. 2015, Deep Residual Learning, arXiv:1512.03385, §4.2.
 */
export function trainingBatch(dataset: Dataset, positions: readonly number[], rng: Rng): Batch {
  const write = writer(dataset, dataset.train, positions.length);
  for (const position of positions) {
    const down = rng.below(2 * padding + 1) - padding;
    const right = rng.below(2 * padding + 1) - padding;
    write.next(position, down, right, rng.below(2) === 1);
  }
  return write.batch;
}

/** Training images at these positions, as they are, normalised by channel. */
export function plainBatch(dataset: Dataset, positions: readonly number[]): Batch {
  const write = writer(dataset, dataset.train, positions.length);
  for (const position of positions) write.next(position, 0, 0, false);
  return write.batch;
}

/** Validation images `first` to `first + count`, as they are, normalised by channel. */
export function validationBatch(dataset: Dataset, first: number, count: number): Batch {
  const write = writer(dataset, dataset.validation, count);
  for (let i = 0; i < count; i++) write.next(first + i, 0, 0, false);
  return write.batch;
}

function writer(dataset: Dataset, from: Examples, count: number) {
  const { resolution, channels } = dataset;
  const size = resolution ** 2 * channels;
  const images = new Float32Array(count * size);
  const labels = new Uint8Array(count);
  const normalised = normaliser(dataset);
  let at = 0;
  /** Pixel [y, x] of the next image is [y + down, x + right] of the stored one, or black outside it. */
  const next = (position: number, down: number, right: number, flip: boolean): void => {
    for (let y = 0; y < resolution; y++)
      for (let x = 0; x < resolution; x++) {
        const row = y + down;
        const column = (flip ? resolution - 1 - x : x) + right;
        const inside = row >= 0 && row < resolution && column >= 0 && column < resolution;
        const source = position * size + (row * resolution + column) * channels;
        const target = at * size + (y * resolution + x) * channels;
        for (let c = 0; c < channels; c++)
          images[target + c] = normalised[c * 256 + (inside ? from.images[source + c]! : 0)]!;
      }
    labels[at++] = from.labels[position]!;
  };
  return { batch: { images, labels, count }, next };
}

/** [channels, 256]: each byte less the channel's mean, over its deviation. */
function normaliser({ channels, mean, deviation }: Dataset): Float32Array {
  const table = new Float32Array(channels * 256);
  for (let c = 0; c < channels; c++)
    for (let byte = 0; byte < 256; byte++) table[c * 256 + byte] = (byte / 255 - mean[c]!) / deviation[c]!;
  return table;
}
