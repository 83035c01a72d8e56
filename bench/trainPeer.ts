import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stream } from "../src/base/rng.js";
import { type Node, nodes, paths } from "../src/graph/node.js";
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

/** A script beside this file's source; compiled files are elsewhere, so it is looked for from the project's root. */
export const peerScript = (name: string): string => {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const root = here.slice(0, here.search(/\/(?:dist|\.build\/[^/]+)\/bench/));
  return path.join(root, "bench", name);
};

/** @throws Error  when Python ends */
export async function openPeer(python: string, threads: number): Promise<Peer> {
  const child = spawn(python, [peerScript("train_peer.py"), String(threads)]);
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

/** Ask about a network with files of its weights and images, which last as long as the answer takes. */
async function described<T>(
  network: string,
  seconds: number,
  ask: (request: object) => Promise<T>,
): Promise<T> {
  const out = networkNamed(network);
  const batch = noiseBatch(out);
  const { count } = batch;
  const folder = mkdtempSync(path.join(tmpdir(), "nas-bench-"));
  const imagesFile = path.join(folder, "images");
  try {
    writeFileSync(imagesFile, bytesOf(batch.images));
    const weights = initialWeights(out, stream(1, "bench", "weights"));
    const labels = [...batch.labels];
    const described = describe(out, weights, folder);
    return await ask({ ...described, imagesFile, count, labels, learningRate, ...optimiser, seconds });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A network as train_peer.py reads it; its weights go to a file in the folder. */
export function describe(out: Node, weights: ReadonlyMap<string, Float32Array>, folder: string) {
  const order = nodes(out);
  const names = paths(out);
  const specs = [...weightSpecs(out)];
  const weightsFile = path.join(folder, "weights");
  writeFileSync(weightsFile, Buffer.concat(specs.map(([name]) => bytesOf(weights.get(name)!))));
  return {
    nodes: order.map((node) => ({
      ...node.op,
      inputs: node.inputs.map((from) => order.indexOf(from)),
      path: names.get(node),
      shape: node.shape,
    })),
    weights: specs.map(([name, { shape }]) => [name, shape]),
    weightsFile,
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
