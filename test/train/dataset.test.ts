import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceOf, splitDataset } from "../../src/train/dataset.js";
import { toy, toyExamples, toyFacts } from "./toy.js";

const count = (labels: Uint8Array, label: number) => labels.filter((l) => l === label).length;

test("a split keeps a fifth for validation, and every image once", () => {
  const all = toyExamples(200);
  const { train, validation } = splitDataset(toyFacts, all);
  assert.equal(validation.labels.length, 40);
  const image = (images: Uint8Array, i: number) => images.subarray(i * 64, (i + 1) * 64).join();
  const seen = [train, validation].flatMap(({ images, labels }) =>
    [...labels].map((label, i) => `${label}:${image(images, i)}`),
  );
  const wanted = [...all.labels].map((label, i) => `${label}:${image(all.images, i)}`);
  assert.deepEqual(seen.sort(), wanted.sort());
});

test("validation is never more than 2,000 images", () => {
  const { train, validation } = toy(12_001);
  assert.deepEqual([train.labels.length, validation.labels.length], [10_001, 2000]);
});

test("every beginning of both parts holds the classes in equal shares", () => {
  for (const { labels } of [toy().train, toy().validation])
    for (let n = 2; n <= labels.length; n += 2) assert.equal(count(labels.subarray(0, n), 1), n / 2);
});

test("the split is the same every time, and its hash tells the data", () => {
  assert.deepEqual(toy(), toy());
  const other = toyExamples(200);
  other.images[17]! ^= 1;
  assert.notEqual(splitDataset(toyFacts, other).hash, toy().hash);
  const relabelled = toyExamples(200);
  relabelled.labels[0] = 1;
  relabelled.labels[1] = 0;
  assert.notEqual(splitDataset(toyFacts, relabelled).hash, toy().hash);
});

test("images and labels lie in memory that threads share", () => {
  for (const { images, labels } of [toy().train, toy().validation])
    for (const bytes of [images, labels]) assert.ok(bytes.buffer instanceof SharedArrayBuffer);
});

test("mean and deviation are those of the training images, a pixel counting 0 to 1", () => {
  const { train, mean, deviation } = toy();
  const values = [...train.images].map((v) => v / 255);
  const expected = values.reduce((a, b) => a + b) / values.length;
  const spread = Math.sqrt(values.reduce((a, b) => a + (b - expected) ** 2, 0) / values.length);
  assert.ok(Math.abs(mean[0]! - expected) < 1e-9);
  assert.ok(Math.abs(deviation[0]! - spread) < 1e-9);
});

test("images all alike can still be normalised", () => {
  const flat = { images: new Uint8Array(20 * 64).fill(7), labels: new Uint8Array(20) };
  assert.ok(splitDataset(toyFacts, flat).deviation[0]! > 0);
});

test("a row names the data by name, hash and counts", () => {
  const { hash } = toy();
  assert.match(hash, /^[0-9a-f]{16}$/);
  assert.deepEqual(referenceOf(toy()), { name: "toy", hash, synthetic: true, train: 160, validation: 40 });
});
