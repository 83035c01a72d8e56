import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { exitCodes, UserError } from "../../src/base/errors.js";
import { openDataset } from "../../src/train/openDataset.js";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "nas-cifar10-"));
});
after(() => rm(root, { recursive: true }));

/** A folder with these files. */
async function folder(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const dir = join(root, name);
  await mkdir(dir);
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(dir, file), bytes);
  return dir;
}

/** 10,000 records whose label is i mod 10 and whose pixels tell where they stood. */
function batch(seed: number): Buffer {
  const bytes = Buffer.alloc(30_730_000);
  for (let i = 0; i < 10_000; i++) {
    bytes[i * 3073] = i % 10;
    bytes.writeUInt32LE(i, i * 3073 + 1);
    bytes[i * 3073 + 1 + 1024] = seed;
    bytes[i * 3073 + 1 + 3071] = 99;
  }
  return bytes;
}

const refused = (dir: string, message: RegExp) =>
  assert.rejects(openDataset(dir), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.doesNotMatch(`${error.message}${error.whatToDo}`, /\n/);
    assert.notEqual(error.whatToDo, "");
    assert.equal(error.exitCode, exitCodes.data);
    return true;
  });

test("every training batch is read, channels last, and the test batch is never opened", async () => {
  const dir = await folder("good", {
    "data_batch_1.bin": batch(1),
    "data_batch_3.bin": batch(3),
    "test_batch.bin": Buffer.from("not even a batch"),
  });
  const set = await openDataset(dir);
  assert.deepEqual([set.name, set.synthetic, set.classes], ["cifar10", false, 10]);
  assert.deepEqual([set.train.labels.length, set.validation.labels.length], [18_000, 2000]);
  const seen = new Set<string>();
  for (const { images, labels } of [set.train, set.validation])
    labels.forEach((label, i) => {
      const channel = (c: number, p: number) => images[i * 3072 + p * 3 + c]!;
      const record = channel(0, 0) + 256 * channel(0, 1);
      assert.equal(label, record % 10);
      assert.equal(channel(2, 1023), 99);
      seen.add(`${channel(1, 0)}:${record}`);
    });
  assert.equal(seen.size, 20_000);
});

test("a folder that is not there", () => refused(join(root, "nowhere"), /nowhere does not exist$/));

test("a file where a folder should be", async () => {
  const dir = await folder("plain", { file: Buffer.alloc(1) });
  await refused(join(dir, "file"), /is not a folder$/);
});

test("a folder without a training batch", async () => {
  const dir = await folder("empty", { "test_batch.bin": batch(0), "readme.txt": Buffer.alloc(0) });
  await refused(dir, /empty holds no data set we know$/);
});

test("a truncated batch: file, bytes and what would be right", async () => {
  const dir = await folder("truncated", { "data_batch_2.bin": batch(2).subarray(0, 30_000_000) });
  await refused(
    dir,
    /data_batch_2\.bin has 30,000,000 bytes, which is no whole number of records of 3073 bytes$/,
  );
});

test("a batch with the wrong number of images", async () => {
  const dir = await folder("short", { "data_batch_1.bin": batch(1).subarray(0, 3073 * 9000) });
  await refused(dir, /data_batch_1\.bin has 9,000 images \(27,657,000 bytes\)$/);
});

test("an empty batch file", async () => {
  const dir = await folder("nothing", { "data_batch_1.bin": Buffer.alloc(0) });
  await refused(dir, /data_batch_1\.bin has 0 images \(0 bytes\)$/);
});

test("a label above 9: which image, which label", async () => {
  const bytes = batch(1);
  bytes[1234 * 3073] = 10;
  await refused(
    await folder("label", { "data_batch_1.bin": bytes }),
    /data_batch_1\.bin: the label of image 1234 is 10$/,
  );
});

test("a batch that cannot be read", async () => {
  const dir = await folder("unreadable", {});
  await mkdir(join(dir, "data_batch_1.bin"));
  await refused(dir, /data_batch_1\.bin cannot be read \(EISDIR\)$/);
});
