import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { type Index, names } from "../../src/base/lookup.js";
import { stream } from "../../src/base/rng.js";
import type { Dataset, DatasetMember, Examples } from "../../src/train/dataset.js";
import * as datasets from "../../src/train/datasets/index.js";
import { openDataset } from "../../src/train/openDataset.js";

/** Where the data of each member lies on a developer's machine; undefined needs no folder. */
const folders: Readonly<Record<string, string | undefined>> = {
  cifar10: "../shared/data/cifar-10",
  synthetic: undefined,
};

const opened = new Map<string | undefined, Promise<Dataset>>();

/** As `openDataset`, once a folder. */
function open(folder: string | undefined): Promise<Dataset> {
  const set = opened.get(folder) ?? openDataset(folder);
  opened.set(folder, set);
  return set;
}

for (const [name, member] of Object.entries(datasets as Index<DatasetMember>)) datasetContract(name, member);

function datasetContract(name: string, member: DatasetMember): void {
  const folder = folders[name];
  const skip = folder !== undefined && !existsSync(folder) && `${folder} is not there`;

  test(`${name}: a legal, stratified data set that calls itself so`, { skip }, async () => {
    const set = await open(folder);
    assert.equal(set.name, name);
    assert.equal(set.synthetic, member.synthetic);
    assert.equal(set.classNames.length, set.classes);
    assert.equal(set.mean.length, set.channels);
    for (const { images, labels } of [set.train, set.validation]) {
      assert.equal(images.length, labels.length * set.resolution ** 2 * set.channels);
      assert.ok(labels.every((label) => label < set.classes));
      assert.equal(new Set(labels.subarray(0, 10 * set.classes)).size, set.classes);
    }
    for (const d of set.deviation) assert.ok(d > 0.05 && d < 0.5);
  });

  test(`${name}: no validation image is a training image`, { skip }, async () => {
    const set = await open(folder);
    const seen = new Set(pictures(set, "train"));
    const shared = pictures(set, "validation").filter((picture) => seen.has(picture));
    assert.deepEqual(shared, []);
  });
}

const pictures = (set: Dataset, part: "train" | "validation"): string[] => {
  const size = set.resolution ** 2 * set.channels;
  return [...set[part].labels].map((_, i) =>
    Buffer.from(set[part].images.subarray(i * size, (i + 1) * size)).toString("latin1"),
  );
};

test("the data sets we ship", () => assert.deepEqual(names(datasets), ["cifar10", "synthetic"]));

test("without a folder the synthetic set is opened, and it says that it is synthetic", async () => {
  const set = await open(undefined);
  assert.equal(set.synthetic, true);
  assert.match(set.title, /synthetic/);
});

test("synthetic: the same 10,000 images on every machine", async () => {
  const { hash, train, validation } = await open(undefined);
  assert.deepEqual([train.labels.length, validation.labels.length], [8000, 2000]);
  assert.equal(hash, "1a2f68e772e9bd0d");
});

test("synthetic: drawn in less than 3 seconds of one processor", async () => {
  const before = process.cpuUsage();
  await datasets.synthetic.load();
  assert.ok(process.cpuUsage(before).user < 3e6);
});

test("synthetic: a linear classifier on pixels stays below 30 %, on images it never saw", async () => {
  const accuracy = linearProbe(await open(undefined));
  assert.ok(accuracy < 0.3, `${accuracy}`);
});

test("the linear probe itself learns what is linear: a bright block at the class's place", async () => {
  const set = await open(undefined);
  const lit = ({ images, labels }: Examples) => ({
    labels,
    images: images.map((v, i) => (Math.floor((i % 3072) / 60) === labels[Math.floor(i / 3072)] ? 255 : v)),
  });
  const accuracy = linearProbe({ ...set, train: lit(set.train), validation: lit(set.validation) });
  assert.ok(accuracy > 0.8, `${accuracy}`);
});

/** Softmax regression on normalised pixels by SGD; its accuracy on the validation images. */
function linearProbe({ train, validation, classes, mean, deviation }: Dataset): number {
  const [size, count, epochs] = [3072, 4000, 6];
  const weights = new Float32Array(classes * (size + 1));
  const pixels = new Float32Array(size + 1).fill(1);
  const logits = new Float64Array(classes);
  const forward = (images: Uint8Array, i: number) => {
    for (let k = 0; k < size; k++)
      pixels[k] = (images[i * size + k]! / 255 - mean[k % 3]!) / deviation[k % 3]!;
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let k = 0; k <= size; k++) sum += weights[c * (size + 1) + k]! * pixels[k]!;
      logits[c] = sum;
    }
  };
  const order = Array.from({ length: count }, (_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const i of stream(0, "probe", epoch).shuffle(order)) {
      forward(train.images, i);
      const top = Math.max(...logits);
      const total = logits.reduce((sum, l) => sum + Math.exp(l - top), 0);
      for (let c = 0; c < classes; c++) {
        const pull = Math.exp(logits[c]! - top) / total - (train.labels[i] === c ? 1 : 0);
        const rate = (3e-4 / (epoch + 1)) * pull;
        for (let k = 0; k <= size; k++) weights[c * (size + 1) + k]! -= rate * pixels[k]!;
      }
    }
  let right = 0;
  validation.labels.forEach((label, i) => {
    forward(validation.images, i);
    if (logits.indexOf(Math.max(...logits)) === label) right++;
  });
  return right / validation.labels.length;
}
