import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, UserError } from "../../base/errors.js";
import { type DatasetMember, type Examples, sharedBytes, splitDataset } from "../dataset.js";

const title = "CIFAR-10, binary version";
const resolution = 32;
const channels = 3;
const plane = resolution ** 2;
const imageBytes = channels * plane;
const recordBytes = 1 + imageBytes;
const batchImages = 10_000;
const batchBytes = batchImages * recordBytes;
const classNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const classes = classNames.length;

const isBatch = (file: string): boolean => /^data_batch_\d+\.bin$/.test(file);
const grouped = (n: number): string => n.toLocaleString("en-US");

/**
 * CIFAR-10 in its binary layout: files of 10,000 records, each a label byte and
 * 3,072 bytes of pixels, channels first. Every data_batch_*.bin in the folder is
 * read, in the order of their numbers; test_batch.bin is never opened.
 *
 * Source: Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images, §3.
 */
export const cifar10: DatasetMember = {
  title,
  synthetic: false,
  layout: "data_batch_1.bin, data_batch_2.bin, ...",
  holds: (files) => files.some(isBatch),
  async load(dir) {
    const files = (await readdir(dir)).filter(isBatch).sort((a, b) => numberIn(a) - numberIn(b));
    const images = sharedBytes(files.length * batchImages * imageBytes);
    const labels = sharedBytes(files.length * batchImages);
    for (const [i, file] of files.entries())
      await readBatch(join(dir, file), i * batchImages, { images, labels });
    const source = `${files.length} of 5 training batches in ${dir}`;
    const facts = {
      name: "cifar10",
      title,
      synthetic: false,
      channels,
      resolution,
      classes,
      classNames,
      source,
    };
    return splitDataset(facts, { images, labels });
  },
};

const numberIn = (file: string): number => Number(/\d+/.exec(file)![0]);

/** Read one file into `into`, from image `first` on, channels last. */
async function readBatch(path: string, first: number, into: Examples): Promise<void> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw broken(`${path} cannot be read (${error.code})`);
  });
  if (bytes.length % recordBytes !== 0)
    throw broken(
      `${path} has ${grouped(bytes.length)} bytes, which is no whole number of records of ${recordBytes} bytes`,
    );
  if (bytes.length !== batchBytes)
    throw broken(
      `${path} has ${grouped(bytes.length / recordBytes)} images (${grouped(bytes.length)} bytes)`,
    );
  for (let i = 0; i < batchImages; i++) {
    const label = bytes[i * recordBytes]!;
    if (label >= classes) throw broken(`${path}: the label of image ${i} is ${label}`, "Labels are 0 to 9. ");
    into.labels[first + i] = label;
    const from = i * recordBytes + 1;
    const to = (first + i) * imageBytes;
    for (let p = 0; p < plane; p++)
      for (let c = 0; c < channels; c++) into.images[to + p * channels + c] = bytes[from + c * plane + p]!;
  }
}

const broken = (what: string, rule = ""): UserError =>
  new UserError(
    what,
    `${rule}A CIFAR-10 batch holds ${grouped(batchImages)} images in ${grouped(batchBytes)} bytes; fetch the file again.`,
    exitCodes.data,
  );
