import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stream } from "../src/base/rng.js";
import { nodes, paths } from "../src/graph/node.js";
import { weightSpecs } from "../src/graph/weights.js";
import { initialWeights } from "../src/train/initial.js";
import { learningRate, networkNamed, noiseBatch, optimiser } from "./trainNetworks.js";

/** What PyTorch made of a network. */
export interface PeerOpened {
  readonly parameters: number;
  /** The faster of the two, and both their images a second. */
  readonly layout: "contiguous" | "channels_last";
  readonly speeds: Readonly<Record<string, number>>;
  /** As of an engine's worker. */
  readonly logits: readonly number[];
  readonly losses: readonly number[];
}

/** PyTorch in a process of its own. */
export interface Peer {
  readonly version: string;
  open(network: string, seconds: number): Promise<PeerOpened>;
  turn(seconds: number): Promise<number>;
  close(): void;
}

/** The Python that can import torch, if any: NAS_BENCH_PYTHON, or python3. */
export function pythonWithTorch(): string | undefined {
  const python = process.env.NAS_BENCH_PYTHON ?? "python3";
  return python !== "" && spawnSync(python, ["-c", "import torch"]).status === 0 ? python : undefined;
}

/** The script beside this file's source; compiled files are elsewhere, so it is looked for from the project's root. */
const script = (): string => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const root = here.slice(0, here.search(/\/(?:dist|\.build\/[^/]+)\/bench/));
  return path.join(root, "bench/train_peer.py");
};

/** @throws Error  when Python ends */
export async function openPeer(python: string, threads: number): Promise<Peer> {
  const child = spawn(python, [script(), String(threads)]);
  const ask = questions(child);
  const { torch } = (await ask(undefined)) as { torch: string };
  return {
    version: torch,
    open: (network, seconds) => described(network, seconds, (request) => ask(request) as Promise<PeerOpened>),
    turn: (seconds) => ask({ seconds }) as Promise<number>,
    close: () => child.kill(),
  };
}

/** One answer a question, in order; the first answer comes unasked. */
function questions(child: ChildProcessWithoutNullStreams) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  return async (question: unknown): Promise<unknown> => {
    if (question !== undefined) child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`Python ended: ${said.trim()}`);
    return JSON.parse(value);
  };
}

/** Hand a network over as JSON, its weights and images as files that last as long as the answer takes. */
async function described<T>(
  network: string,
  seconds: number,
  ask: (request: object) => Promise<T>,
): Promise<T> {
  const out = networkNamed(network);
  const order = nodes(out);
  const path_ = paths(out);
  const weights = initialWeights(out, stream(1, "bench", "weights"));
  const batch = noiseBatch(out);
  const folder = mkdtempSync(path.join(tmpdir(), "nas-bench-"));
  const [weightsFile, imagesFile] = [path.join(folder, "weights"), path.join(folder, "images")];
  try {
    const specs = [...weightSpecs(out)];
    writeFileSync(weightsFile, Buffer.concat(specs.map(([name]) => bytesOf(weights.get(name)!))));
    writeFileSync(imagesFile, bytesOf(batch.images));
    return await ask({
      nodes: order.map((node) => ({
        ...node.op,
        inputs: node.inputs.map((from) => order.indexOf(from)),
        path: path_.get(node),
        shape: node.shape,
      })),
      weights: specs.map(([name, { shape }]) => [name, shape]),
      weightsFile,
      imagesFile,
      count: batch.count,
      labels: [...batch.labels],
      learningRate,
      ...optimiser,
      seconds,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
