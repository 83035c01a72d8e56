import { setMaxListeners } from "node:events";
import { Piscina } from "piscina";
import { lookup } from "../base/lookup.js";
import { deviation, mean } from "../base/stats.js";
import type { Benchmark, BenchmarkKind, BenchmarkOptions } from "./benchmark.js";
import * as benchmarks from "./benchmarks/index.js";
import { hypervolume } from "./hypervolume.js";
import type { Point } from "./pareto.js";
import { holm, signedRankP } from "./significance.js";
import type { Options } from "./strategy.js";

/** What a benchmark can be searched for. */
export type Metric = "accuracy" | "hypervolume";

/** One strategy of a comparison. */
export interface Contender {
  /** As the user wrote it. */
  readonly label: string;
  /** Name in the index of strategies. */
  readonly strategy: string;
  readonly options: Options;
  /** Name in the index of schedules, and its options; without it every network is trained fully. */
  readonly schedule?: { readonly name: string; readonly options: Options };
}

/** A benchmark as workers open it. */
export interface BenchmarkName {
  readonly name: string;
  readonly options: BenchmarkOptions;
}

export interface Comparison {
  readonly benchmark: BenchmarkName;
  readonly metric: Metric;
  readonly contenders: readonly Contender[];
  /** Of each search. */
  readonly queries: number;
  /** Queries asked before the oldest is told; 1 without it. */
  readonly ahead?: number;
  readonly firstSeed: number;
  readonly seeds: number;
}

/** A part of a comparison: some seeds of one contender. */
export interface Part extends Pick<Comparison, "benchmark" | "metric" | "queries" | "ahead"> {
  readonly contender: Contender;
  readonly firstSeed: number;
  readonly seeds: number;
}

/**
 * How good the best found so far is after each query: `queries` numbers a seed, seed by seed.
 * With a schedule a query is as many epochs as one full training.
 */
export interface Progress {
  /** Accuracy 0..1 after full training, or hypervolume as a share of the reference box. */
  readonly quality: Float64Array;
  /** Test accuracy of the best so far: of those trained longest the most accurate. */
  readonly test: Float64Array;
}

export const openBenchmark = ({ name, options }: BenchmarkName): Benchmark =>
  lookup<BenchmarkKind>(benchmarks, name, "benchmark").open(options);

/** Hypervolume of errors and latencies as a share of the box up to the benchmark's reference. */
export const hypervolumeShare = (points: readonly Point[], [error, ms]: readonly [number, number]): number =>
  hypervolume(points, [error, ms]) / (error * ms);

/** The best trade-offs of error and latency there are, and their hypervolume. */
export function optimalFront(benchmark: Benchmark): {
  readonly front: readonly {
    readonly genome: string;
    readonly accuracy: number;
    readonly latencyMs: number;
  }[];
  readonly hypervolume: number;
} {
  const all = [...benchmark.genomes()].flatMap((genome) => {
    const { accuracy, latencyMs } = benchmark.evaluate(genome);
    return latencyMs === undefined ? [] : [{ genome, accuracy, latencyMs }];
  });
  let best = Number.NEGATIVE_INFINITY;
  const front = all
    .sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy)
    .filter(({ accuracy }) => {
      if (accuracy <= best) return false;
      best = accuracy;
      return true;
    });
  const points = front.map(({ accuracy, latencyMs }) => [1 - accuracy, latencyMs]);
  return { front, hypervolume: hypervolumeShare(points, benchmark.reference) };
}

/** Seeds a part, few enough that workers end together. */
const seedsPerPart = 25;

/**
 * Run every contender on every seed, in worker threads; the result does not depend
 * on how many there are.
 *
 * @param onProgress  told how many of all searches are done
 * @returns one progress for each contender
 * @throws the signal's reason  when it aborts
 */
export async function compare(
  comparison: Comparison,
  given: {
    readonly workers: number;
    readonly signal?: AbortSignal;
    onProgress?(done: number, all: number): void;
  },
): Promise<readonly Progress[]> {
  const { contenders, queries, ahead = 1, seeds, firstSeed, benchmark, metric } = comparison;
  const parts = Math.ceil(seeds / seedsPerPart);
  const workers = Math.min(given.workers, parts * contenders.length);
  const threads = new Piscina<Part, Progress>({
    filename: new URL("./compareWorker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const signal = AbortSignal.any(given.signal === undefined ? [] : [given.signal]);
  setMaxListeners(0, signal); // one for every part
  let done = 0;
  try {
    return await Promise.all(
      contenders.map(async (contender): Promise<Progress> => {
        const whole = { quality: new Float64Array(seeds * queries), test: new Float64Array(seeds * queries) };
        await Promise.all(
          Array.from({ length: parts }, async (_, i) => {
            const first = i * seedsPerPart;
            const count = Math.min(seedsPerPart, seeds - first);
            const part = {
              benchmark,
              metric,
              queries,
              ahead,
              contender,
              firstSeed: firstSeed + first,
              seeds: count,
            };
            const { quality, test } = await threads.run(part, { signal });
            whole.quality.set(quality, first * queries);
            whole.test.set(test, first * queries);
            done += count;
            given.onProgress?.(done, seeds * contenders.length);
          }),
        );
        return whole;
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await threads.destroy();
  }
}

/** Every seed's number after so many queries. */
export const after = (values: Float64Array, queries: number, count: number): readonly number[] =>
  Array.from({ length: values.length / queries }, (_, seed) => values[seed * queries + count - 1]!);

/** How one contender stands after so many queries. */
export interface Standing {
  readonly label: string;
  readonly queries: number;
  readonly seeds: number;
  readonly mean: number;
  readonly std: number;
  readonly testMean: number;
}

export const standing = (
  { quality, test }: Progress,
  label: string,
  queries: number,
  count: number,
): Standing => {
  const values = after(quality, queries, count);
  return {
    label,
    queries: count,
    seeds: values.length,
    mean: mean(values),
    std: deviation(values),
    testMean: mean(after(test, queries, count)),
  };
};

/** Whether two contenders differ after so many queries. */
export interface Test {
  readonly a: string;
  readonly b: string;
  readonly queries: number;
  /** Mean of a - b over the seeds. */
  readonly difference: number;
  readonly p: number;
  /** Corrected for all pairs at this number of queries. */
  readonly pHolm: number;
}

/** Every pair of contenders, seed by seed. */
export function tests(
  labels: readonly string[],
  progress: readonly Progress[],
  queries: number,
  count: number,
): readonly Test[] {
  const values = progress.map(({ quality }) => after(quality, queries, count));
  const found = labels.flatMap((a, i) =>
    labels.slice(i + 1).map((b, k) => {
      const [left, right] = [values[i]!, values[i + 1 + k]!];
      return {
        a,
        b,
        queries: count,
        difference: mean(left) - mean(right),
        p: signedRankP(left, right),
      };
    }),
  );
  const corrected = holm(found.map(({ p }) => p));
  return found.map((test, i) => ({ ...test, pHolm: corrected[i]! }));
}
