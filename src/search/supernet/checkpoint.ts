import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, UserError } from "../../base/errors.js";
import type { Role } from "../../graph/weights.js";
import type { Logits } from "./architecture.js";
import type { SharedWeights } from "./weights.js";

/** Architecture parameters and what moves them. Random numbers are addressed by epoch, so their position is `epoch`. */
export interface Learner {
  /** Epochs done. */
  readonly epoch: number;
  readonly logits: Logits;
  /** Adam's moments of the logits, and its steps. */
  readonly first: Logits;
  readonly second: Logits;
  readonly steps: number;
  readonly latencyWeight: number;
  /** Decaying mean of losses on held-out images; null before the first. */
  readonly baseline: number | null;
  /** Probability that a candidate without weights is left out of a step on weights. */
  readonly dropout: number;
  /** Epochs for which architecture parameters rest. */
  readonly rest: number;
}

export interface Checkpoint {
  readonly weights: SharedWeights;
  readonly learner: Learner;
}

interface Head {
  readonly learner: Learner;
  readonly weights: readonly (readonly [key: string, role: Role, shape: readonly number[]])[];
}

const ending = ".supernet";
const fileOf = (folder: string, hash: string): string => join(folder, hash + ending);

/** A checkpoint's file, piece by piece, so that it is never held twice. */
function* pieces({ weights, learner }: Checkpoint): Generator<Buffer> {
  const head: Head = {
    learner,
    weights: [...weights].map(([key, { role, shape }]) => [key, role, shape] as const),
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield length;
  yield text;
  for (const { values, velocity } of weights.values())
    for (const { buffer, byteOffset, byteLength } of [values, velocity])
      yield Buffer.from(buffer, byteOffset, byteLength);
}

const sha256 = () => createHash("sha256");
const shown = (hash: ReturnType<typeof sha256>): string => hash.digest("hex").slice(0, 32);

/**
 * Keep a checkpoint under the hash of its content. Whoever reads it sees all of it: it is written
 * beside, brought to the disk and renamed.
 *
 * @returns the hash
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<string> {
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${process.pid}${ending}-part`);
  const file = await open(part, "w");
  const content = sha256();
  try {
    for (const piece of pieces(checkpoint)) {
      content.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const hash = shown(content);
  await rename(part, fileOf(folder, hash));
  return hash;
}

/** @throws UserError  (exit code 5) when it is gone or is not what was written */
export async function readCheckpoint(folder: string, hash: string): Promise<Checkpoint> {
  const name = fileOf(folder, hash);
  const bytes = await readFile(name).catch(() => undefined);
  if (bytes === undefined || shown(sha256().update(bytes)) !== hash)
    throw new UserError(
      `${name} is ${bytes === undefined ? "missing" : "damaged"}`,
      "The supernet cannot go on without it; restore the file or start another run.",
      exitCodes.data,
    );
  const end = 4 + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString("utf8", 4, end)) as Head;
  let at = end;
  const floats = (count: number): Float32Array => {
    const copy = new Uint8Array(bytes.subarray(at, at + 4 * count));
    at += 4 * count;
    return new Float32Array(copy.buffer);
  };
  const weights = new Map(
    head.weights.map(([key, role, shape]) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return [key, { role, shape, values: floats(size), velocity: floats(size) }] as const;
    }),
  );
  return { weights, learner: head.learner };
}

/** Take away every checkpoint of a folder but these, and what a stopped write left. */
export async function pruneCheckpoints(folder: string, kept: readonly string[]): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const old = files.filter((file) => file.includes(ending) && !kept.some((hash) => file === hash + ending));
  await Promise.all(old.map((file) => rm(join(folder, file), { force: true })));
}
