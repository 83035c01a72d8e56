import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookup } from "../../src/base/lookup.js";
import { stream } from "../../src/base/rng.js";
import { mean } from "../../src/base/stats.js";
import { iphone13Npu } from "../../src/latency/targets/index.js";
import { fastest, limitedMoves } from "../../src/search/feasible.js";
import { measurer } from "../../src/search/measure.js";
import * as strategies from "../../src/search/strategies/index.js";
import type { Strategy } from "../../src/search/strategy.js";
import { choicesOf } from "../../src/search/supernet/architecture.js";
import { openSupernetPool, type SupernetPool } from "../../src/search/supernet/pool.js";
import type {
  Paths,
  SupernetAnswer,
  SupernetQuestion,
  SupernetSpec,
} from "../../src/search/supernet/question.js";
import { type Answered, trainSupernet } from "../../src/search/supernet/run.js";
import { stageLatency } from "../../src/search/supernet/stageLatency.js";
import { proxyForm } from "../../src/space/build.js";
import { loadSpace } from "../../src/space/load.js";
import type { Dataset } from "../../src/train/dataset.js";

/** Images of a stand-alone training in the table, each forth and back: two epochs, and 2,000 forth alone, which is a third. */
const aloneImages = 2 * 9000 + 2000 / 3;
/** Training images of a supernet, the first so many; a fifth of them is held out. */
const images = 4000;
const batch = 32;
/** Networks that a search trains on its own in the end; the most accurate is what it found. */
export const derived = 8;

export const space = loadSpace("bench/supernet/space.yaml");
const measure = measurer(space, iphone13Npu);
const choices = choicesOf(space);

/** Accuracy of each network trained on its own, with each of several seeds. */
export const table = new Map(
  Object.entries(JSON.parse(readFileSync("bench/supernet/table.json", "utf8")) as Record<string, number[]>),
);
const truth = new Map([...table].map(([genome, accuracies]) => [genome, mean(accuracies)]));

/** Limits that 40, 65 and 90 % of the networks are within, in ms. */
export const limits = [0.4, 0.65, 0.9].map((share) => {
  const times = [...table.keys()].map((genome) => measure(genome).latencyMs).sort((a, b) => a - b);
  return times[Math.round(share * times.length) - 1]! * (1 + 1e-6);
});

/** The networks within a limit. */
export const within = (limitMs: number): readonly string[] =>
  [...table.keys()].filter((genome) => measure(genome).latencyMs <= limitMs);

/** Share of the networks within a limit that are better than this one of them; 0 is the best. */
export function standing(genome: string, limitMs: number): number {
  const feasible = within(limitMs);
  if (!feasible.includes(genome)) throw new Error(`${genome} is over the limit`);
  return feasible.filter((other) => truth.get(other)! > truth.get(genome)!).length / feasible.length;
}

/** Of networks that are each trained once, the most accurate: what a run would report. */
const trainedBest = (genomes: readonly string[], seed: number): string => {
  const once = (genome: string) => table.get(genome)![seed % table.get(genome)!.length]!;
  return genomes.reduce((best, genome) => (once(genome) > once(best) ? genome : best));
};

const draw = (limitMs: number) => () =>
  limitedMoves(space, measure, { latencyMs: limitMs }, fastest(space, measure).genome);

/** Random search as a run does it: so many networks drawn evenly, no two equal, each trained once. */
export function random(networks: number, limitMs: number, seed: number): number {
  const { moves } = draw(limitMs)();
  const found = new Set<string>();
  for (let i = 0; found.size < networks && i < 100 * networks; i++)
    found.add(moves.sample(stream(seed, "random", i)));
  return standing(trainedBest([...found], seed), limitMs);
}

/** Networks whose forward and backward pass a step takes, held-out steps counted in; one forth alone is a third. */
function passesOf({ paths, branches, warmUp, epochs }: SupernetSpec["rule"]): number {
  const held = (1 - warmUp / epochs) / 2;
  const pairs = (1 + space.stages.length) / 3;
  const of: { readonly [P in Paths]: number } = {
    uniform: 1,
    gumbel: branches * (1 + held),
    binary: 1 + pairs * held,
    threshold: 1 + pairs * held,
    sandwich: 4,
  };
  return of[paths];
}

/** Stand-alone trainings that cost as much as a supernet and its scores, where a forward pass alone is a third. */
function costOf({ rule }: SupernetSpec, scored: number): number {
  const trained = passesOf(rule) * rule.epochs * 0.8 * images;
  const score = 12 * batch + (0.2 * images) / 3;
  return (trained + scored * score) / aloneImages;
}

/** A search with a supernet. */
export interface Searched {
  /** Derived, the most promising first. */
  readonly genomes: readonly string[];
  /** Stand-alone trainings that cost as much, those of the derived networks among them. */
  readonly trainings: number;
  readonly seconds: number;
}

/** Shares of the networks within a limit that are better. */
export interface Standings {
  /** Than the one the supernet puts first. */
  readonly first: number;
  /** Than the best of those derived, each trained once on its own: what a run finds. */
  readonly found: number;
  /** Than what random search finds with as many trainings as all this cost. */
  readonly random: number;
}

export const standings = ({ genomes, trainings }: Searched, limitMs: number, seed: number): Standings => ({
  first: standing(genomes[0]!, limitMs),
  found: standing(trainedBest(genomes, seed), limitMs),
  random: random(trainings, limitMs, seed),
});

/** Searches of one strategy with one seed under several limits; epochs of the warm-up, which know no limit, are trained once. */
export async function searched(
  name: string,
  seed: number,
  limitsMs: readonly number[],
  dataset: Dataset,
  pool: SupernetPool,
): Promise<readonly Searched[]> {
  const strategy = lookup<Strategy>(strategies, name, "strategy");
  const proxy = proxyForm(space, dataset);
  const spec = strategy.supernet!(strategy.defaults(derived));
  const folder = mkdtempSync(join(tmpdir(), "nas-bench-"));
  /** Epochs in which nothing hangs on the limit. */
  const warm = new Map<number, Answered>();
  const scores = new Map<string, Promise<SupernetAnswer>>();
  const ask = (question: SupernetQuestion): Promise<SupernetAnswer> => {
    if (question.kind === "epoch") return pool.ask(question);
    const key = `${question.checkpoint} ${question.genome}`;
    const answer = scores.get(key) ?? pool.ask(question);
    scores.set(key, answer);
    return answer;
  };
  const all: Searched[] = [];
  try {
    for (const limitMs of limitsMs) {
      let [scored, seconds] = [0, 0];
      const genomes = await trainSupernet({
        plan: {
          ...{ space, proxy, engine: "wasm", seed, limitMs },
          rule: spec.rule,
          fidelity: { images, batch },
          latency: stageLatency(choices, iphone13Npu),
        },
        ...{ derivation: spec.derivation, networks: derived, trust: 0, folder },
        draw: draw(limitMs),
        ask,
        recall: (number) => warm.get(number),
        async record(answered) {
          if (answered.number < spec.rule.warmUp) warm.set(answered.number, answered);
        },
        prune: async () => {},
        onAnswer({ answer }) {
          seconds += answer.seconds;
          if (answer.kind === "score") scored++;
        },
      });
      all.push({ genomes, trainings: Math.round(costOf(spec, scored) + derived), seconds });
    }
    return all;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const openPool = (dataset: Dataset): SupernetPool =>
  openSupernetPool({ workers: 1, dataset, memoryMb: 2048, timeoutMs: 600_000 });
