import { createHash } from "node:crypto";
import { stream } from "../base/rng.js";

/** Images with their labels, in shared memory. */
export interface Examples {
  /** [count, resolution, resolution, channels], 0..255. */
  readonly images: Uint8Array;
  /** [count], each 0 .. classes - 1. */
  readonly labels: Uint8Array;
}

/** What a data set says of itself. */
export interface DatasetFacts {
  /** Its name in the index, as users type it. */
  readonly name: string;
  readonly title: string;
  /** Drawn by a program, so that accuracies on it mean nothing beyond comparing networks. */
  readonly synthetic: boolean;
  readonly channels: number;
  /** Pixels across and down. */
  readonly resolution: number;
  readonly classes: number;
  readonly classNames: readonly string[];
  /** Where the images came from, for people. */
  readonly source: string;
}

/** Images to train on and images to choose networks by. Test images are in neither. */
export interface Dataset extends DatasetFacts {
  readonly train: Examples;
  readonly validation: Examples;
  /** Of the training images, one a channel; a pixel counts 0..1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** 16 hex digits of the SHA-256 over shape, images, labels and their split. */
  readonly hash: string;
}

/** How a trial's row names the data it was trained on. */
export interface DatasetReference {
  readonly name: string;
  readonly hash: string;
  readonly synthetic: boolean;
  /** Images. */
  readonly train: number;
  readonly validation: number;
}

/** One member of the index. */
export interface DatasetMember {
  readonly title: string;
  readonly synthetic: boolean;
  /** The file names by which its folder is known, for people; absent when it needs no folder. */
  readonly layout?: string;
  /** Whether a folder with these files holds it. */
  holds(files: readonly string[]): boolean;
  /**
   * Read or draw it, and split it.
   *
   * @throws UserError  (exit code 5) naming the file, what is wrong in it and what would be right
   */
  load(dir: string): Promise<Dataset>;
}

export const referenceOf = ({ name, hash, synthetic, train, validation }: Dataset): DatasetReference => ({
  name,
  hash,
  synthetic,
  train: train.labels.length,
  validation: validation.labels.length,
});

/** A fifth of all images, and at most this many, are for validation. */
const mostValidation = 2000;

/**
 * Split examples into training and validation, and measure them.
 *
 * Stratified: both parts, and every beginning of each, hold the classes in the
 * proportion of the whole, so the first n training images are a fair subset. The
 * split depends on the examples alone, never on a run's seed: all runs compare.
 */
export function splitDataset(facts: DatasetFacts, all: Examples): Dataset {
  const count = all.labels.length;
  const share = Math.min(Math.floor(count / 5), mostValidation) / count;
  let done = 0;
  const train: Ranked[] = [];
  const validation: Ranked[] = [];
  for (let label = 0; label < facts.classes; label++) {
    const members = stream(0, "split", label).shuffle(indicesOf(all.labels, label));
    const cut = Math.round((done + members.length) * share) - Math.round(done * share);
    done += members.length;
    validation.push(...ranked(members.slice(0, cut), label));
    train.push(...ranked(members.slice(cut), label));
  }
  const size = facts.channels * facts.resolution ** 2;
  const parts = {
    train: gather(all, inOrder(train), size),
    validation: gather(all, inOrder(validation), size),
  };
  return { ...facts, ...parts, ...moments(parts.train.images, facts.channels), hash: hashOf(facts, parts) };
}

/** An example with where it stands in its class, 0..1: sorted by that, every beginning is stratified. */
interface Ranked {
  readonly index: number;
  readonly label: number;
  readonly rank: number;
}

const ranked = (members: readonly number[], label: number): Ranked[] =>
  members.map((index, i) => ({ index, label, rank: (i + 0.5) / members.length }));

const inOrder = (examples: Ranked[]): number[] =>
  examples.sort((a, b) => a.rank - b.rank || a.label - b.label).map(({ index }) => index);

function indicesOf(labels: Uint8Array, label: number): number[] {
  const found: number[] = [];
  labels.forEach((l, i) => {
    if (l === label) found.push(i);
  });
  return found;
}

/** A byte array that worker threads share. */
export const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

function gather(all: Examples, order: readonly number[], size: number): Examples {
  const images = sharedBytes(order.length * size);
  const labels = sharedBytes(order.length);
  order.forEach((from, to) => {
    images.set(all.images.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = all.labels[from]!;
  });
  return { images, labels };
}

function moments(images: Uint8Array, channels: number): Pick<Dataset, "mean" | "deviation"> {
  const sum = new Array<number>(channels).fill(0);
  const squares = new Array<number>(channels).fill(0);
  for (let i = 0; i < images.length; i += channels)
    for (let c = 0; c < channels; c++) {
      const value = images[i + c]!;
      sum[c]! += value;
      squares[c]! += value * value;
    }
  const count = images.length / channels;
  const mean = sum.map((s) => s / count);
  const variance = squares.map((s, c) => s / count - mean[c]! ** 2);
  return {
    mean: mean.map((m) => m / 255),
    deviation: variance.map((v) => Math.sqrt(Math.max(v, 1)) / 255),
  };
}

function hashOf(facts: DatasetFacts, parts: Pick<Dataset, "train" | "validation">): string {
  const hash = createHash("sha256");
  for (const part of [parts.train, parts.validation]) {
    hash.update(
      `${part.labels.length}x${facts.resolution}x${facts.resolution}x${facts.channels}:${facts.classes};`,
    );
    hash.update(part.images).update(part.labels);
  }
  return hash.digest("hex").slice(0, 16);
}
