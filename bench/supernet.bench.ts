/**
 * Where the networks that supernets derive stand among all 64 of a small space, each of which was
 * trained on its own (bench/supernet/table.json); random search at equal training cost beside it.
 *
 *     npm run bench -- supernet      CIFAR-10's binary files are expected in ../shared/data/cifar-10
 *
 * The table has a column for each seed of a grid search, 1 so far: nas search --target iphone13-npu
 * --space bench/supernet/space.yaml --strategy grid --trials 64 --max-latency 10ms --epochs 4
 * --images 4000 --data DIR --seed 1
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stream } from "../src/base/rng.js";
import { mean } from "../src/base/stats.js";
import { iphone13Npu } from "../src/latency/targets/index.js";
import { fastest, limitedMoves } from "../src/search/feasible.js";
import { measurer } from "../src/search/measure.js";
import * as strategies from "../src/search/strategies/index.js";
import type { Strategy } from "../src/search/strategy.js";
import { choicesOf } from "../src/search/supernet/architecture.js";
import { sharingOf } from "../src/search/supernet/memory.js";
import { openSupernetPool } from "../src/search/supernet/pool.js";
import { type Answered, trainSupernet } from "../src/search/supernet/run.js";
import { stageLatency } from "../src/search/supernet/stageLatency.js";
import { proxyForm } from "../src/space/build.js";
import { loadSpace } from "../src/space/load.js";
import { openDataset } from "../src/train/openDataset.js";

const data = "../shared/data/cifar-10";
if (!existsSync(data)) {
  console.error(`No ${data}: nothing to train on.`);
  process.exit(0);
}
const names = (process.env.STRATEGIES ?? "spos,fbnet,proxyless").split(",");
const seeds = Number(process.env.SEEDS ?? 5);
const images = 4000;
/** Images of a stand-alone training. */
const aloneImages = 4 * 4000;

const space = loadSpace("bench/supernet/space.yaml");
/** Accuracy of each genome with each seed. */
const table = JSON.parse(readFileSync("bench/supernet/table.json", "utf8")) as Record<string, number[]>;
const truth = new Map(Object.entries(table).map(([genome, found]) => [genome, mean(found)]));
const dataset = await openDataset(data);
const measure = measurer(space, iphone13Npu);
const choices = choicesOf(space);
const times = [...truth.keys()].map((genome) => measure(genome).latencyMs).sort((a, b) => a - b);
const limits = [0.25, 0.5, 0.9].map((share) => times[Math.round(share * (times.length - 1))]! * (1 + 1e-6));

/** Share of the networks within a limit that are better; 0 is the best of them. */
function standing(genome: string, limitMs: number): number {
  const feasible = [...truth].filter(([line]) => measure(line).latencyMs <= limitMs);
  if (measure(genome).latencyMs > limitMs) throw new Error(`${genome} is over the limit`);
  return feasible.filter(([, accuracy]) => accuracy > truth.get(genome)!).length / feasible.length;
}

/** Random search as a run does it: so many trained once, the most accurate taken. */
function drawnStanding(networks: number, limitMs: number, seed: number): number {
  const { moves } = limitedMoves(space, measure, { latencyMs: limitMs }, fastest(space, measure).genome);
  const drawn = Array.from({ length: networks }, (_, i) => moves.sample(stream(seed, "random", i)));
  const trained = (genome: string) => table[genome]![seed % table[genome]!.length]!;
  return standing(
    drawn.reduce((a, b) => (trained(b) > trained(a) ? b : a)),
    limitMs,
  );
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(7);
const pool = openSupernetPool({ workers: 1, dataset, memoryMb: 2048, timeoutMs: 600_000 });
const folder = mkdtempSync(join(tmpdir(), "nas-bench-"));
try {
  console.log(
    `limits ${limits.map((ms) => `${ms.toFixed(3)} ms`).join(", ")}; share of networks that are better`,
  );
  for (const name of names) {
    const strategy = strategies[name as keyof typeof strategies] as unknown as Strategy;
    const proxy = proxyForm(space, dataset);
    const spec = strategy.supernet!(strategy.defaults(4));
    const found: number[][] = limits.map(() => []);
    const random: number[][] = limits.map(() => []);
    let seconds = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const epochs = new Map<number, Answered>();
      for (const [at, limitMs] of limits.entries()) {
        const sharesEpochs = spec.rule.paths === "uniform" || spec.rule.paths === "sandwich";
        const [best] = await trainSupernet({
          plan: {
            ...{ space, proxy, engine: "wasm", seed, limitMs },
            rule: { ...spec.rule, sharing: sharingOf(spec.rule.sharing, space, proxy) },
            fidelity: { images, batch: 32 },
            latency: stageLatency(choices, iphone13Npu),
          },
          ...{ derivation: spec.derivation, networks: 1, trust: 0, folder },
          draw: () => limitedMoves(space, measure, { latencyMs: limitMs }, fastest(space, measure).genome),
          ask: (question) => pool.ask(question),
          recall: (number) => (sharesEpochs ? epochs.get(number) : undefined),
          async record(answered) {
            seconds += answered.answer.seconds;
            if (answered.answer.kind === "epoch") epochs.set(answered.number, answered);
          },
          prune: async () => {},
          onAnswer() {},
        });
        found[at]!.push(standing(best!, limitMs));
        const passes = spec.rule.paths === "uniform" ? 1 : 2.5;
        const networks = Math.max(1, Math.round((passes * spec.rule.epochs * 0.8 * images) / aloneImages));
        random[at]!.push(drawnStanding(networks, limitMs, seed));
      }
    }
    const row = (shares: readonly (readonly number[])[]) => shares.map((of) => percent(mean(of))).join(" ");
    console.log(
      `${name.padEnd(12)}${row(found)}   random ${row(random)}   ${(seconds / seeds).toFixed(0)} s a seed`,
    );
  }
} finally {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
}
