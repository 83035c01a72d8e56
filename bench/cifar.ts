/**
 * A small MobileNetV2 trained on 20,000 images of CIFAR-10 by our engine and by PyTorch, with one recipe and equal
 * initial weights; docs/bench-train.md says how to read it. Finished runs are kept in a file and not run again.
 *
 *     npm run bench:cifar [-- --data DIR] [--seeds 1,2,3] [--engine wasm] [--epochs 20] [--file FILE] [--json]
 */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exitCodes, UserError } from "../src/base/errors.js";
import { shortHash } from "../src/base/hash.js";
import { lookup } from "../src/base/lookup.js";
import { stream } from "../src/base/rng.js";
import { deviation, mean } from "../src/base/stats.js";
import { input, type Node } from "../src/graph/node.js";
import { print } from "../src/graph/text.js";
import type { Dataset, Examples } from "../src/train/dataset.js";
import type { Engine } from "../src/train/engine.js";
import * as engines from "../src/train/engines/index.js";
import { fit, recipe } from "../src/train/fit.js";
import { initialWeights } from "../src/train/initial.js";
import { onNewerNode } from "../src/train/newerNode.js";
import { withQuietBranches } from "../src/train/quiet.js";
import { learningRateAt } from "../src/train/schedule.js";
import { describe, peerScript, pythonWithTorch } from "./trainPeer.js";

if (await onNewerNode(fileURLToPath(import.meta.url))) process.exit();

const { values: given } = parseArgs({
  options: {
    data: { type: "string", default: process.env.NAS_BENCH_DATA ?? "" },
    seeds: { type: "string", default: "1,2,3" },
    engine: { type: "string", default: "wasm" },
    epochs: { type: "string", default: "20" },
    file: { type: "string", default: "runs/bench-cifar.jsonl" },
    json: { type: "boolean", default: false },
  },
});
const epochs = Number(given.epochs);
const batch = 64;
const trainImages = 20_000;
const testImages = 10_000;
const imageBytes = 3072;

/** Expansion, out channels, repeats, first stride: MobileNetV2's at half its width, without its last two strides. */
const stages = [
  [1, 8, 1, 1],
  [6, 12, 2, 1],
  [6, 16, 3, 2],
  [6, 32, 4, 2],
  [6, 48, 3, 1],
] as const;

/** Source: Sandler et al. 2018, arXiv:1801.04381, table 2. */
function mobilenet(): Node {
  let x = input([3, 32, 32]).conv(16, { kernel: 3, stride: 2 }).norm().act("relu6");
  for (const [expansion, out, repeats, first] of stages)
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? first : 1;
      const wide =
        expansion === 1
          ? x
          : x
              .conv(x.channels * expansion)
              .norm()
              .act("relu6");
      const thin = wide.depthwise({ kernel: 3, stride }).norm().act("relu6").conv(out).norm();
      x = stride === 1 && out === x.channels ? thin.add(x) : thin;
    }
  return x.conv(320).norm().act("relu6").globalPool().conv(10, { bias: true });
}

/** Images of CIFAR-10's binary files, channels last. */
function read(files: readonly string[], count: number): Examples {
  const bytes = Buffer.concat(
    files.map((file) => {
      const name = path.join(given.data, file);
      if (given.data !== "" && existsSync(name)) return readFileSync(name);
      throw new UserError(
        `no ${file} in "${given.data}"`,
        "Give CIFAR-10's binary files by --data or NAS_BENCH_DATA.",
        exitCodes.data,
      );
    }),
  );
  const images = new Uint8Array(count * imageBytes);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const at = n * (1 + imageBytes);
    labels[n] = bytes[at]!;
    for (let p = 0; p < 1024; p++)
      for (let c = 0; c < 3; c++) images[n * imageBytes + 3 * p + c] = bytes[at + 1 + 1024 * c + p]!;
  }
  return { images, labels };
}

/** By channel, of pixels that count 0..1. */
function moments(images: Uint8Array) {
  const sum = [0, 0, 0];
  const squares = [0, 0, 0];
  images.forEach((byte, i) => {
    sum[i % 3]! += byte / 255;
    squares[i % 3]! += (byte / 255) ** 2;
  });
  const count = images.length / 3;
  const mean = sum.map((total) => total / count);
  return { mean, deviation: squares.map((total, c) => Math.sqrt(total / count - mean[c]! ** 2)) };
}

/** The training images to train on, the test images to validate on: nothing is chosen by them here. */
function cifar(): Dataset {
  const train = read(["data_batch_1.bin", "data_batch_2.bin"], trainImages);
  return {
    name: "cifar10-bench",
    title: "CIFAR-10",
    synthetic: false,
    channels: 3,
    resolution: 32,
    classes: 10,
    classNames: [],
    source: given.data,
    train,
    validation: read(["test_batch.bin"], testImages),
    ...moments(train.images),
    hash: shortHash(Buffer.from(train.images).toString("base64")),
  };
}

interface Row {
  /** Of network, recipe, epochs and data: rows of others are not compared. */
  readonly recipe: string;
  /** An engine's name, or `pytorch`. */
  readonly by: string;
  readonly seed: number;
  /** On the test images, 0..1. */
  readonly accuracy: number;
  readonly seconds: number;
}

type Outcome = Pick<Row, "accuracy" | "seconds">;

const weightsOf = (out: Node, seed: number) =>
  withQuietBranches(out, initialWeights(out, stream(seed, "init")));

async function ours(out: Node, data: Dataset, seed: number): Promise<Outcome> {
  const engine = lookup<Engine>(engines, given.engine, "engine");
  const trainer = await engine.open(out, weightsOf(out, seed), recipe.optimiser);
  const fidelity = { epochs, images: trainImages, batch };
  let seconds = 0;
  let accuracy = Number.NaN;
  for await (const progress of fit(trainer, data, fidelity, stream(seed, "data"))) {
    if (progress.status === "failed") throw new Error(progress.why);
    seconds += progress.seconds;
    accuracy = progress.validationAccuracy;
    note(`  epoch ${progress.epoch}: loss ${progress.loss.toFixed(4)}`);
  }
  trainer.dispose();
  return { accuracy, seconds };
}

async function theirs(python: string, out: Node, data: Dataset, seed: number): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), "nas-bench-"));
  const file = (name: string, bytes: Uint8Array) => {
    writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  const steps = Math.floor(trainImages / batch) * epochs;
  try {
    const child = spawn(python, [peerScript("cifar_peer.py"), "1"], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(
      JSON.stringify({
        ...describe(out, weightsOf(out, seed), folder),
        trainFile: file("train", data.train.images),
        trainLabels: file("train-labels", data.train.labels),
        testFile: file("test", data.validation.images),
        testLabels: file("test-labels", data.validation.labels),
        train: trainImages,
        test: testImages,
        mean: data.mean,
        deviation: data.deviation,
        ...recipe.optimiser,
        rates: Array.from({ length: steps }, (_, i) =>
          learningRateAt(i, steps, recipe.learningRate, recipe.warmUp),
        ),
        seed,
        epochs,
        batch,
      }),
    );
    let seconds = 0;
    let accuracy = Number.NaN;
    for await (const line of createInterface({ input: child.stdout })) {
      const epoch = JSON.parse(line) as { epoch: number; loss: number; seconds: number; accuracy?: number };
      seconds += epoch.seconds;
      accuracy = epoch.accuracy ?? accuracy;
      note(`  epoch ${epoch.epoch}: loss ${epoch.loss.toFixed(4)}`);
    }
    if (Number.isNaN(accuracy)) throw new Error("Python ended before its last epoch.");
    return { accuracy, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const note = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const out = mobilenet();
  const data = cifar();
  const id = shortHash(JSON.stringify([print(out), recipe, epochs, batch, data.hash]));
  const python = pythonWithTorch();
  if (python === undefined) note("PyTorch skipped: neither NAS_BENCH_PYTHON nor python3 can import torch.");
  const seeds = given.seeds.split(",").map(Number);
  const rows = (): Row[] =>
    existsSync(given.file)
      ? readFileSync(given.file, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as Row)
          .filter((row) => row.recipe === id)
      : [];
  mkdirSync(path.dirname(given.file), { recursive: true });
  for (const seed of seeds)
    for (const by of python === undefined ? [given.engine] : [given.engine, "pytorch"]) {
      if (rows().some((row) => row.by === by && row.seed === seed)) continue;
      note(`${by}, seed ${seed}`);
      const outcome = by === "pytorch" ? await theirs(python!, out, data, seed) : await ours(out, data, seed);
      appendFileSync(given.file, `${JSON.stringify({ recipe: id, by, seed, ...outcome } satisfies Row)}\n`);
    }
  const results = [given.engine, "pytorch"].flatMap((by) => {
    const found = rows().filter((row) => row.by === by);
    const accuracies = found.map(({ accuracy }) => 100 * accuracy);
    return found.length === 0
      ? []
      : [{ by, seeds: found.length, mean: mean(accuracies), deviation: deviation(accuracies) }];
  });
  if (given.json) process.stdout.write(`${JSON.stringify({ epochs, results, rows: rows() })}\n`);
  else
    for (const r of results)
      process.stdout.write(`${r.by}: ${r.mean.toFixed(2)} % ± ${r.deviation.toFixed(2)}, ${r.seeds} seeds\n`);
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  note(`error: ${error.message}\n       ${error.whatToDo}`);
  process.exitCode = error.exitCode;
});
