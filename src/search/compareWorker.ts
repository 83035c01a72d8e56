import { lookup } from "../base/lookup.js";
import type { Benchmark } from "./benchmark.js";
import { type BenchmarkName, hypervolumeShare, openBenchmark, type Part, type Progress } from "./compare.js";
import { goalOf } from "./goal.js";
import { nondominated, type Point } from "./pareto.js";
import { search } from "./search.js";
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
  { contender, metric, queries }: Part,
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
  const plan = {
    strategy,
    options: contender.options,
    goal: goalOf(isPareto ? ["accuracy", "latency"] : ["accuracy"], {}),
    seed,
    trials: queries,
    ahead: 1,
    draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
    evaluate: async ({ number, genome }: { number: number; genome: string }): Promise<Told> => {
      const { accuracy, latencyMs } = benchmark.evaluate(genome);
      if (latencyMs !== undefined) return { number, genome, status: "scored", accuracy, latencyMs };
      return isPareto
        ? { number, genome, status: "failed", accuracy: null }
        : { number, genome, status: "scored", accuracy };
    },
  };
  let best = Number.NEGATIVE_INFINITY;
  let bestTest = 0;
  let front: readonly Point[] = [];
  let covered = 0;
  let n = 0;
  for await (const { genome, accuracy, latencyMs } of search(plan)) {
    if (accuracy !== null && accuracy > best) {
      best = accuracy;
      bestTest = benchmark.evaluate(genome).testAccuracy;
    }
    if (isPareto && accuracy !== null) {
      const point = [1 - accuracy, latencyMs!];
      const next = nondominated([...front, point]);
      if (next.includes(point)) {
        front = next;
        covered = hypervolumeShare(front, benchmark.reference);
      }
    }
    quality[n] = isPareto ? covered : best;
    test[n++] = bestTest;
  }
  // A strategy that had no more to ask stays where it is.
  quality.fill(quality[n - 1]!, n);
  test.fill(test[n - 1]!, n, queries);
}
