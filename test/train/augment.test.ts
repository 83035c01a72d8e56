import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { trainingBatch, validationBatch } from "../../src/train/augment.js";
import { sharedBytes, splitDataset } from "../../src/train/dataset.js";
import { toy, toyFacts } from "./toy.js";

/** 16 × 16 images, black but for one white pixel at row 6, column 5. */
const spot = splitDataset(
  { ...toyFacts, resolution: 16 },
  {
    images: sharedBytes(10 * 256).map((_, i) => (i % 256 === 6 * 16 + 5 ? 255 : 0)),
    labels: sharedBytes(10),
  },
);

test("a training image is shifted by up to 4 pixels either way and flipped half of the time", () => {
  const { images, count } = trainingBatch(spot, new Array(5000).fill(0), stream(1, "data"));
  const seen = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const image = images.subarray(i * 256, (i + 1) * 256);
    const at = image.indexOf(Math.max(...image));
    const place = `${Math.floor(at / 16)},${at % 16}`;
    seen.set(place, (seen.get(place) ?? 0) + 1);
  }
  const wanted = new Set<string>();
  for (let y = 2; y <= 10; y++) for (let x = 1; x <= 9; x++) wanted.add(`${y},${x}`).add(`${y},${15 - x}`);
  assert.deepEqual(new Set(seen.keys()), wanted);
  const right = [...seen].filter(([place]) => Number(place.split(",")[1]) > 9);
  const flipped = right.reduce((sum, [, n]) => sum + n, 0) / (5000 * (5 / 9));
  assert.ok(Math.abs(flipped - 0.5) < 0.05, `${flipped}`);
});

test("what comes in over the edge is black, normalised like any pixel", () => {
  const white = splitDataset(toyFacts, { images: sharedBytes(10 * 64).fill(255), labels: sharedBytes(10) });
  const black = (0 - white.mean[0]!) / white.deviation[0]!;
  const { images } = trainingBatch(white, new Array(100).fill(0), stream(1, "data"));
  const values = new Set(images);
  assert.equal(values.size, 2);
  assert.ok(values.has(Math.fround(black)) && values.has(0));
});

test("equal streams give equal bits; labels follow their images", () => {
  const set = toy();
  const positions = [3, 1, 4, 1, 5];
  const batch = trainingBatch(set, positions, stream(1, "data"));
  assert.deepEqual(batch, trainingBatch(set, positions, stream(1, "data")));
  assert.notDeepEqual(batch.images, trainingBatch(set, positions, stream(2, "data")).images);
  assert.deepEqual(
    [...batch.labels],
    positions.map((p) => set.train.labels[p]),
  );
});

test("validation images stay where they are, normalised to mean 0 and deviation 1", () => {
  const set = toy(2000);
  const { images, labels, count } = validationBatch(set, 7, 300);
  assert.equal(count, 300);
  assert.deepEqual(labels, set.validation.labels.slice(7, 307));
  images.forEach((value, i) => {
    const expected = (set.validation.images[7 * 64 + i]! / 255 - set.mean[0]!) / set.deviation[0]!;
    assert.equal(value, Math.fround(expected));
  });
  const mean = images.reduce((a, b) => a + b) / images.length;
  const square = images.reduce((a, b) => a + b * b, 0) / images.length;
  assert.ok(Math.abs(mean) < 0.05 && Math.abs(square - 1) < 0.1, `${mean} ${square}`);
});

test("channels keep their own mean and deviation", () => {
  const images = sharedBytes(10 * 64 * 3).map(
    (_, i) => [10, 100, 200][i % 3]! + (Math.floor(i / 3) % 2) * ((i % 3) + 1),
  );
  const set = splitDataset({ ...toyFacts, channels: 3 }, { images, labels: sharedBytes(10) });
  const batch = validationBatch(set, 0, 2);
  for (let c = 0; c < 3; c++) {
    const values = [...batch.images].filter((_, i) => i % 3 === c);
    assert.ok(Math.abs(values.reduce((a, b) => a + b) / values.length) < 1e-4);
  }
});
