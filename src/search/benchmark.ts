import { UserError } from "../base/errors.js";
import type { Moves } from "./strategy.js";

/** What a benchmark knows of a genome. */
export interface BenchmarkAnswer {
  /** What a search sees, 0..1. */
  readonly accuracy: number;
  /** What it is not shown, 0..1; the same number where there is none apart. */
  readonly testAccuracy: number;
  /** Of the device that was chosen; none where the table has no usable value. */
  readonly latencyMs: number | undefined;
}

/** A search space with all its answers known. */
export interface Benchmark {
  /** The space, what its accuracy is, and on what the latency was measured. */
  readonly title: string;
  readonly moves: Moves;
  /** The most training there is; what `evaluate` gives when it is not told how much. */
  readonly epochs: number;
  /** Whether fewer epochs can be asked. */
  readonly isMultiFidelity: boolean;
  /** Whether it has latencies. */
  readonly hasLatency: boolean;
  evaluate(genome: string, epochs?: number): BenchmarkAnswer;
  genomes(): Iterable<string>;
  /**
   * Where hypervolume is measured from: error (1 - accuracy) and milliseconds, fixed with
   * the benchmark so that numbers of different runs can be compared.
   */
  readonly reference: readonly [error: number, latencyMs: number];
}

/** What a user may say about a benchmark. */
export interface BenchmarkOptions {
  /** Folder of its tables. */
  readonly file?: string | undefined;
  readonly dataset?: string | undefined;
  /** Whose latencies. */
  readonly device?: string | undefined;
  /** How a genome is mutated. */
  readonly mutation?: string | undefined;
}

/**
 * One benchmark of the open set.
 *
 * @property open  throws UserError, with exit code 5 when its files cannot be read
 */
export interface BenchmarkKind {
  readonly summary: string;
  open(options: BenchmarkOptions): Benchmark;
}

export const defineBenchmark = (kind: BenchmarkKind): BenchmarkKind => kind;

/** @throws UserError  when an option is given that this benchmark does not have */
export function refuse(
  name: string,
  options: BenchmarkOptions,
  without: readonly (keyof BenchmarkOptions)[],
): void {
  const given = without.find((option) => options[option] !== undefined);
  if (given !== undefined)
    throw new UserError(`benchmark ${name} takes no --${given}`, `Leave --${given} out.`);
}

/** What there is to find in a benchmark. */
export interface Facts {
  readonly networks: number;
  /** The most accurate network. */
  readonly optimum: { readonly genome: string; readonly accuracy: number; readonly testAccuracy: number };
  /** All accuracies, ascending. */
  readonly accuracies: readonly number[];
}

export function factsOf(benchmark: Benchmark): Facts {
  const accuracies: number[] = [];
  let optimum: Facts["optimum"] | undefined;
  for (const genome of benchmark.genomes()) {
    const { accuracy, testAccuracy } = benchmark.evaluate(genome);
    accuracies.push(accuracy);
    if (optimum === undefined || accuracy > optimum.accuracy) optimum = { genome, accuracy, testAccuracy };
  }
  return { networks: accuracies.length, optimum: optimum!, accuracies: accuracies.sort((a, b) => a - b) };
}

/**
 * Mean and deviation of the best of n draws with replacement, exactly: what random
 * search must give.
 *
 * @param ascending  all values, each as likely as the others
 */
export function bestOfDraws(
  ascending: readonly number[],
  n: number,
): { readonly mean: number; readonly std: number } {
  const size = ascending.length;
  let mean = 0;
  let square = 0;
  for (const [i, value] of ascending.entries()) {
    const chance = ((i + 1) / size) ** n - (i / size) ** n;
    mean += chance * value;
    square += chance * value ** 2;
  }
  return { mean, std: Math.sqrt(Math.max(0, square - mean ** 2)) };
}
