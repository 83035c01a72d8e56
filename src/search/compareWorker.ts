import { lookup } from "../base/lookup.js";
import type { Benchmark } from "./benchmark.js";
import { type BenchmarkName, hypervolumeShare, openBenchmark, type Part, type Progress } from "./compare.js";
import { goalOf } from "./goal.js";
import { nondominated, type Point } from "./pareto.js";
import { scheduled } from "./scheduled.js";
import { type Question, search } from "./search.js";
import * as strategies from "./strategies/index.js";
import type { Strategy } from "./strategy.js";
import type { Told } from "./trial.js";

const opened = new Map<string, Benchmark>();

function open(name: BenchmarkName): Benchmark {
  const key = JSON.stringify(name);
  const benchmark = opened.get(key) ?? openBenchmark(name);
  opened.set(key, benchmark);
  return benchmark;
}

/** Run some seeds of one contender, in a worker thread. */
export default async function run(part: Part): Promise<Progress> {
  const { queries, seeds } = part;
  const benchmark = open(part.benchmark);
  const quality = new Float64Array(seeds * queries);
  const test = new Float64Array(seeds * queries);
  for (let i = 0; i < seeds; i++) {
    const at = i * queries;
    await runSeed(benchmark, part, part.firstSeed + i, quality.subarray(at, at + queries), test.subarray(at));
  }
  return { quality, test };
}

async function runSeed(
  benchmark: Benchmark,
  { contender, metric, queries, ahead = 1 }: Part,
  seed: number,
  quality: Float64Array,
  test: Float64Array,
): Promise<void> {
  const strategy = lookup(
    strategies as Readonly<Record<string, unknown>>,
    contender.strategy,
    "strategy",
  ) as Strategy;
  const isPareto = metric === "hypervolume";
  const all = benchmark.epochs;
  const plan = {
    strategy: scheduled(strategy, contender.schedule, all),
    options: contender.options,
    goal: goalOf(isPareto ? ["accuracy", "latency"] : ["accuracy"], {}),
    seed,
    trials: contender.schedule === undefined ? queries : Number.POSITIVE_INFINITY,
    ahead,
    draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
    evaluate: async ({ number, genome, epochs = all }: Question): Promise<Told> => {
      const { accuracy, latencyMs } = benchmark.evaluate(genome, epochs);
      const told = { number, genome, askedEpochs: epochs };
      if (latencyMs !== undefined) return { ...told, status: "scored", accuracy, latencyMs };
      return isPareto
        ? { ...told, status: "failed", accuracy: null }
        : { ...told, status: "scored", accuracy };
    },
  };
  const found = isPareto ? covered(benchmark) : incumbent(benchmark);
  let spent = 0;
  let n = 0;
  const note = () => {
    quality[n] = found.quality();
    test[n++] = found.test();
  };
  for await (const trial of search(plan)) {
    spent += trial.askedEpochs!;
    while (n < queries && spent > (n + 1) * all) note();
    if (n === queries) return;
    found.tell(trial);
  }
  // A strategy that had no more to ask stays where it is.
  while (n < queries) note();
}

/** What a search has found, as it is told. */
interface Found {
  tell(trial: Told): void;
  quality(): number;
  test(): number;
}

/** Of the networks trained longest the most accurate, and what it comes to in full training. */
function incumbent(benchmark: Benchmark): Found {
  let best: Told | undefined;
  return {
    tell(trial) {
      const longer = trial.askedEpochs! - (best?.askedEpochs ?? 0);
      if (best === undefined || longer > 0 || (longer === 0 && trial.accuracy! > best.accuracy!))
        best = trial;
    },
    quality: () => benchmark.evaluate(best!.genome).accuracy,
    test: () => benchmark.evaluate(best!.genome).testAccuracy,
  };
}

/** The hypervolume of what was trained fully. */
function covered(benchmark: Benchmark): Found {
  let front: readonly Point[] = [];
  let quality = 0;
  return {
    tell({ accuracy, latencyMs, askedEpochs }) {
      if (accuracy === null || askedEpochs !== benchmark.epochs) return;
      const point = [1 - accuracy, latencyMs!];
      const next = nondominated([...front, point]);
      if (!next.includes(point)) return;
      front = next;
      quality = hypervolumeShare(front, benchmark.reference);
    },
    quality: () => quality,
    test: () => 0,
  };
}
