import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { exitCodes, UserError } from "../../../base/errors.js";
import { type Compared, comparisonCsv, comparisonHtml, comparisonText } from "../../../report/comparison.js";
import { type BenchmarkKind, bestOfDraws, factsOf } from "../../../search/benchmark.js";
import * as benchmarks from "../../../search/benchmarks/index.js";
import {
  type Comparison,
  compare,
  openBenchmark,
  optimalFront,
  type Standing,
  standing,
  tests,
} from "../../../search/compare.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { contender } from "./contenders.js";

const percent = <K extends string>(fields: { readonly [name in K]: number }) =>
  Object.fromEntries(Object.entries<number>(fields).map(([name, share]) => [name, 100 * share])) as {
    [name in K]: number;
  };

const inPercent = (row: Standing): Standing => ({
  ...row,
  ...percent({ mean: row.mean, std: row.std, testMean: row.testMean }),
});

export const strategies = defineCommand({
  summary: "compare search strategies on a benchmark whose answers are all known",
  description:
    "Runs every strategy on every seed and compares the best found after equally many queries. All\n" +
    "numbers are in percent. Options of a strategy follow its name: aging:population=10:tournament=3.\n" +
    "A schedule follows a plus: aging+asha:eta=4; a query is then as many epochs as a full training.",
  examples: [
    "nas bench strategies",
    "nas bench strategies --strategies random,random+asha,random+hyperband --queries 20,50",
    "nas bench strategies --strategies random,aging,aging:population=10:tournament=3 --queries 50,100,200",
    "nas bench strategies --benchmark nasbench201 --file DIR --dataset cifar100 --seeds 500 --json",
    "nas bench strategies --benchmark nasbench201 --file DIR --device pixel3 --objective accuracy,latency \\\n" +
      "      --strategies random,nsga2 --queries 200,500 --html front.html",
  ],
  options: {
    benchmark: option.member<BenchmarkKind, "analytic">(benchmarks, "analytic", "what to search"),
    file: option.path(undefined, "folder of the benchmark's tables", "dir"),
    dataset: option.text(undefined, "whose accuracies: cifar10, cifar100 or imagenet16-120", "name"),
    device: option.text(undefined, "whose latencies, such as pixel3", "name"),
    mutation: option.text(undefined, "how a genome is mutated: edge or node", "name"),
    strategies: option.list("random,aging,local", "what to compare"),
    queries: option.counts([200], "budgets to compare at; options are by default those of the largest"),
    ahead: option.count(1, "queries asked before the oldest is known, as nas search has it"),
    seeds: option.count(100, "searches of each strategy"),
    seed: option.seed(1, "of the first search; the others count up"),
    objective: option.list("accuracy", "what to search for: accuracy, or accuracy,latency"),
    workers: option.count(undefined, "threads; changes the speed, not the result"),
    csv: option.path(undefined, "write mean and deviation after every query here", "file"),
    html: option.path(undefined, "write the report as a page here", "file"),
    json: option.json,
  },
  async run(given, io) {
    const { file, dataset, device, mutation } = given;
    const name = { name: given.benchmark.name, options: { file, dataset, device, mutation } };
    const benchmark = openBenchmark(name);
    const metric = metricOf(given.objective);
    if (metric === "hypervolume" && !benchmark.hasLatency)
      throw new UserError("this benchmark has no latencies", "Name a device with --device, such as pixel3.");
    const budgets = [...new Set(given.queries)].sort((a, b) => a - b);
    const queries = budgets.at(-1)!;
    const arena = {
      queries,
      size: benchmark.moves.size,
      epochs: benchmark.isMultiFidelity ? benchmark.epochs : undefined,
    };
    const comparison: Comparison = {
      benchmark: name,
      metric,
      contenders: given.strategies.map((text) => contender(text, arena)),
      queries,
      ahead: given.ahead,
      firstSeed: given.seed,
      seeds: given.seeds,
    };
    const labels = comparison.contenders.map(({ label }) => label);
    const twice = labels.find((label, i) => labels.indexOf(label) < i);
    if (twice !== undefined) throw new UserError(`--strategies has ${twice} twice`, "Name each one once.");

    const progress = await compare(comparison, {
      workers: given.workers ?? availableParallelism(),
      signal: io.signal,
      onProgress: (done, all) => io.status(`${done}/${all} searches`),
    }).catch((error) => {
      if (io.signal.aborted) return undefined;
      throw error;
    });
    io.status("");
    if (progress === undefined) return exitCodes.interrupted;

    const facts = factsOf(benchmark);
    const best = metric === "hypervolume" ? optimalFront(benchmark) : undefined;
    const standingsAt = (count: number): readonly Standing[] =>
      progress.map((p, i) => inPercent(standing(p, labels[i]!, queries, count)));
    const compared: Compared = {
      comparison,
      title: benchmark.title,
      progress: progress.map(({ quality, test }) => ({ quality: quality.map((q) => 100 * q), test })),
      standings: budgets.flatMap(standingsAt),
      tests: budgets.flatMap((count) =>
        tests(labels, progress, queries, count).map((test) => ({
          ...test,
          ...percent({ difference: test.difference }),
        })),
      ),
      optimum: 100 * (best?.hypervolume ?? facts.optimum.accuracy),
      random:
        best === undefined
          ? budgets.map((n) => ({ queries: n, ...percent(bestOfDraws(facts.accuracies, n)) }))
          : [],
    };
    if (given.csv !== undefined) {
      const every = Array.from({ length: queries }, (_, i) => standingsAt(i + 1)).flat();
      every.sort((a, b) => labels.indexOf(a.label) - labels.indexOf(b.label));
      await writeFile(given.csv, comparisonCsv(every));
      io.note(`Wrote ${given.csv}.`);
    }
    if (given.html !== undefined) {
      await writeFile(given.html, comparisonHtml(compared));
      io.note(`Wrote ${given.html}.`);
    }
    if (given.json)
      printJson(io, {
        benchmark: { ...name, title: benchmark.title, networks: facts.networks },
        metric,
        unit: "percent",
        ahead: given.ahead,
        optimum:
          best === undefined
            ? {
                genome: facts.optimum.genome,
                ...percent({ accuracy: facts.optimum.accuracy, testAccuracy: facts.optimum.testAccuracy }),
              }
            : {
                hypervolume: compared.optimum,
                front: best.front.map((point) => ({ ...point, ...percent({ accuracy: point.accuracy }) })),
              },
        ...(best === undefined ? {} : { reference: benchmark.reference }),
        results: compared.standings.map(({ label, testMean, ...row }) => ({
          strategy: label,
          options: comparison.contenders[labels.indexOf(label)]!.options,
          schedule: comparison.contenders[labels.indexOf(label)]!.schedule ?? null,
          ...row,
          ...(best === undefined ? { testMean } : {}),
        })),
        ...(best === undefined ? { random: compared.random } : {}),
        tests: compared.tests,
      });
    else io.print(comparisonText(compared, io.width, io.style));
  },
});

function metricOf(objective: readonly string[]): Comparison["metric"] {
  const named = [...new Set(objective)].sort().join(",");
  if (named === "accuracy") return "accuracy";
  if (named === "accuracy,latency") return "hypervolume";
  throw new UserError(`--objective is "${objective.join(",")}"`, "It is accuracy, or accuracy,latency.");
}
