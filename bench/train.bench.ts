/**
 * Images a second in training, beside PyTorch on the same threads; docs/bench-train.md says how to read it.
 *
 *     npm run bench:train [-- --networks a,b] [--engines a,b] [--rounds 7] [--seconds 2] [--json]
 */
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { names } from "../src/base/lookup.js";
import { median } from "../src/base/stats.js";
import { cost } from "../src/graph/cost.js";
import * as engines from "../src/train/engines/index.js";
import { onNewerNode } from "../src/train/newerNode.js";
import { prepareTensorFlow } from "../src/train/tfjsNode/environment.js";
import { gemmProbe } from "../src/train/wasm/gemmProbe.js";
import { alternate, type Contestant, pairedRatio, type Result, resultsOf, rounded } from "./trainFigures.js";
import { batchSize, defaultNetworks, networkNamed } from "./trainNetworks.js";
import { peakGflops } from "./trainPeak.js";
import { openPeer, type Peer, type PeerOpened, pythonWithTorch } from "./trainPeer.js";
import type { Profile } from "./trainProfile.js";
import type { Answer, Ask, Opened } from "./trainWorker.js";

if (await onNewerNode(fileURLToPath(import.meta.url))) process.exit();

const { values: given } = parseArgs({
  options: {
    networks: { type: "string", default: defaultNetworks.join(",") },
    /** `reference` takes minutes a step, so it is asked for by name. */
    engines: {
      type: "string",
      default: names(engines)
        .filter((name) => name !== "reference")
        .join(","),
    },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});
const [rounds, seconds] = [Number(given.rounds), Number(given.seconds)];
const say = (line: string) => (given.json ? process.stderr : process.stdout).write(`${line}\n`);

interface Thread {
  readonly startMs: number;
  ask<T extends Exclude<Answer, { failed: string }>>(question: Ask): Promise<T>;
  end(): Promise<unknown>;
}

async function openThread(): Promise<Thread> {
  const started = performance.now();
  const worker = new Worker(new URL("./trainWorker.js", import.meta.url));
  await new Promise((resolve, reject) => worker.once("online", resolve).once("error", reject));
  const startMs = performance.now() - started;
  return {
    startMs,
    ask: (question) =>
      new Promise((resolve, reject) => {
        worker.once("error", reject);
        worker.once("message", (answer: Answer) => {
          worker.off("error", reject);
          if (typeof answer === "object" && "failed" in answer) reject(new Error(answer.failed));
          else resolve(answer as never);
        });
        worker.postMessage(question);
      }),
    end: () => worker.terminate(),
  };
}

const sum = async (speeds: readonly Promise<number>[]) => (await Promise.all(speeds)).reduce((a, b) => a + b);

/** One engine's two threads with a network, or why there are none. */
async function openEngine(engine: string, network: string) {
  const threads = [await openThread(), await openThread()] as const;
  const end = () => Promise.all(threads.map((thread) => thread.end()));
  try {
    const opened: Opened[] = [];
    for (const thread of threads) opened.push(await thread.ask<Opened>({ kind: "open", engine, network }));
    for (const thread of threads) await thread.ask<number>({ kind: "turn", seconds: 2 * seconds });
    return { engine, running: { threads, opened: opened[0]!, end } };
  } catch (error) {
    await end();
    return { engine, why: (error as Error).message };
  }
}

/** How many times as many multiply-adds two threads do here as one: what of two workers is the machine's. */
async function coresOf(): Promise<number> {
  const threads = [await openThread(), await openThread()];
  const turn = (of: readonly Thread[]) => () =>
    sum(of.map((thread) => thread.ask<number>({ kind: "multiplyAdds", seconds: 0.5 })));
  const speeds = await alternate(
    [
      { name: "one", turn: turn(threads.slice(0, 1)) },
      { name: "two", turn: turn(threads) },
    ],
    rounds,
  );
  await Promise.all(threads.map((thread) => thread.end()));
  return rounded(pairedRatio(speeds.get("two")!, speeds.get("one")!));
}

const turnOf = (threads: readonly Thread[]) => () =>
  sum(threads.map((thread) => thread.ask<number>({ kind: "turn", seconds })));

/** Largest difference of two rows of numbers, relative to the largest of them. */
const difference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((v, i) => Math.abs(v - b[i]!))) / Math.max(...a.map(Math.abs));

async function measured(network: string, peers: readonly Peer[]) {
  const { params, macs } = cost(networkNamed(network));
  say(
    `\n${network}: ${params} parameters, ${(macs / 1e6).toFixed(1)} M multiply-accumulates, batch ${batchSize}`,
  );
  const found = [];
  for (const engine of given.engines.split(",")) found.push(await openEngine(engine, network));
  const there = found.flatMap(({ engine, running }) => (running ? [{ engine, ...running }] : []));
  const skipped = found.flatMap((one) =>
    "why" in one ? [{ network, engine: one.engine, why: one.why }] : [],
  );
  for (const { engine, why } of skipped) say(`  ${engine} skipped: ${why}`);

  const opened: PeerOpened[] = [];
  for (const peer of peers) opened.push(await peer.open(network, seconds));
  const agreement = there.flatMap(({ engine, opened: ours }) =>
    opened.slice(0, 1).map((theirs) => ({
      network,
      engine,
      sameParameters: theirs.parameters === params,
      logits: rounded(difference(theirs.logits, ours.logits)),
      losses: rounded(difference(theirs.losses, ours.losses)),
    })),
  );
  for (const { engine, sameParameters, logits, losses } of agreement)
    say(
      `  ${engine} and PyTorch: ${sameParameters ? "equal" : "DIFFERENT"} parameters; relative difference ` +
        `of logits ${logits}, of the losses of three steps ${losses}`,
    );

  const [one, another, two] = peers;
  const peerNamed = new Map<string, Contestant & { readonly workers: number }>();
  const peer = (workers: number, threads: string, which: number, turn: () => Promise<number>) => {
    const name = `PyTorch ${one!.version}, ${threads}, ${opened[which]!.layout}`;
    peerNamed.set(name, { name, workers, turn });
  };
  if (one && another && two) {
    peer(1, "1 thread", 0, () => one.turn(seconds));
    peer(2, "2 threads", 2, () => two.turn(seconds));
    peer(2, "2 processes of 1 thread", 0, () => sum([one.turn(seconds), another.turn(seconds)]));
  }
  const speeds = await alternate(
    [
      ...there.flatMap(({ engine, threads }) => [
        { name: `${engine} 1`, turn: turnOf(threads.slice(0, 1)) },
        { name: `${engine} 2`, turn: turnOf(threads) },
      ]),
      ...peerNamed.values(),
    ],
    rounds,
  );

  const results: Result[] = [];
  const scaling = [];
  const profiles = [];
  const starts = [];
  for (const { engine, threads, opened: ours, end } of there) {
    for (const workers of [1, 2]) {
      const theirs = [...peerNamed.values()]
        .filter((p) => p.workers === workers)
        .map(({ name }) => [name, speeds.get(name)!] as const);
      results.push(
        ...resultsOf({ network, engine, workers }, speeds.get(`${engine} ${workers}`)!, new Map(theirs)),
      );
    }
    const ratio = rounded(pairedRatio(speeds.get(`${engine} 2`)!, speeds.get(`${engine} 1`)!));
    scaling.push({ network, engine, ratio });
    const profile = await threads[0].ask<Profile>({ kind: "profile", seconds: 2 * seconds });
    profiles.push({ network, engine, ...profile });
    const { build, openMs, firstStepMs } = ours;
    const threadMs = Math.round(threads[0].startMs);
    starts.push({
      network,
      engine,
      build,
      threadMs,
      openMs: Math.round(openMs),
      firstStepMs: Math.round(firstStepMs),
    });
    await end();
  }
  for (const r of results)
    say(
      `  ${r.engine.padEnd(12)} ${r.workers} worker${r.workers > 1 ? "s" : " "} ${String(r.imagesPerSecond).padStart(7)} images/s` +
        (r.peer === null ? "" : `   ${r.peer} ${r.peerImagesPerSecond}   ratio ${r.ratio}`),
    );
  for (const { engine, ratio } of scaling) say(`  ${engine}: two workers are ${ratio} x one`);
  for (const { engine, threadMs, openMs, firstStepMs } of starts)
    say(`  ${engine}: thread after ${threadMs} ms, engine after ${openMs} more, first step ${firstStepMs}`);
  for (const { engine, operators } of profiles) {
    const ms = (1000 * batchSize) / median(speeds.get(`${engine} 1`)!);
    say(`  ${engine}, ms of a step of ${ms.toFixed(1)}:`);
    for (const { of, share } of operators.slice(0, 12))
      say(
        `    ${of.padEnd(28)} ${(share * ms).toFixed(1).padStart(7)} ${(100 * share).toFixed(1).padStart(6)} %`,
      );
  }
  const layouts = opened.slice(0, 1).map(({ layout, speeds: each }) => ({ network, layout, speeds: each }));
  return { results, scaling, agreement, skipped, profiles, starts, layouts };
}

// Threads read it from the process, so before there are any.
prepareTensorFlow();
const python = pythonWithTorch();
if (python === undefined)
  say("PyTorch skipped: neither NAS_BENCH_PYTHON nor python3 is a Python that can import torch.");
const peers: Peer[] = [];
for (const threads of python === undefined ? [] : [1, 1, 2]) peers.push(await openPeer(python!, threads));
const cpu = cpus()[0]!.model;
say(`${cpu}, Node ${process.versions.node}; medians of ${rounds} rounds of ${seconds} s each in turn`);
const load = rounded(loadavg()[0]!);
say(
  `load of the last minute ${load}: above 0.5, others are at work here, and figures of 2 threads mean little`,
);
const tiles = await gemmProbe();
const peak = await peakGflops();
say(`multiply-adds at best ${peak.toFixed(1)} GFLOPS in one thread; matrix tiles, of a product in training:`);
for (const { shape, gflops } of tiles)
  say(`  ${shape.padEnd(5)} ${gflops.toFixed(1)} GFLOPS, ${((100 * gflops) / peak).toFixed(0)} % of that`);

const cores = await coresOf();
say(`two threads do ${cores} times as many multiply-adds as one`);

const parts = [];
for (const network of given.networks.split(",")) parts.push(await measured(network, peers));
for (const peer of peers) peer.close();
if (given.json)
  process.stdout.write(
    `${JSON.stringify({
      results: parts.flatMap(({ results }) => results),
      schemaVersion: 1,
      cpu,
      load,
      node: process.versions.node,
      rounds,
      seconds,
      batch: batchSize,
      cores,
      gflops: { peak: rounded(peak), tiles: tiles.map((t) => ({ ...t, gflops: rounded(t.gflops) })) },
      scaling: parts.flatMap((p) => p.scaling),
      agreement: parts.flatMap((p) => p.agreement),
      layouts: parts.flatMap((p) => p.layouts),
      starts: parts.flatMap((p) => p.starts),
      profiles: parts.flatMap((p) => p.profiles),
      skipped: parts.flatMap((p) => p.skipped),
    })}\n`,
  );
