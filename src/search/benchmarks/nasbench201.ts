import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, UserError } from "../../base/errors.js";
import { didYouMean } from "../../base/lookup.js";
import type { Rng } from "../../base/rng.js";
import { type BenchmarkAnswer, defineBenchmark } from "../benchmark.js";
import { type Categorical, categoricalMoves, everyGenome } from "../categorical.js";

const operators = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"];
/** [from, to] in the order of the cell's text. */
const edges = [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
] as const;
const output = 3;

/** Cells as the benchmark writes them: `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|...|`. */
export const cells: Categorical = {
  decisions: edges.map(([from, to]) => ({ name: `edge${from}${to}`, values: operators.length })),
  format(indices) {
    const edge = (i: number) => `${operators[indices[i]!]}~${edges[i]![0]}|`;
    return `|${edge(0)}+|${edge(1)}${edge(2)}+|${edge(3)}${edge(4)}${edge(5)}`;
  },
  parse: (cell) => [...cell.matchAll(/(\w+)~/g)].map(([, name]) => operators.indexOf(name!)),
};

/** The operators along each way from node to output: of the input 1, 2, 2 and 3 of them. */
function waysFrom(node: number, taken: readonly string[]): readonly (readonly string[])[] {
  if (node === output) return [[]];
  return edges.flatMap(([from, to], i) =>
    from === node ? waysFrom(to, taken).map((way) => [taken[i]!, ...way]) : [],
  );
}

/** The operators along each of a cell's four ways from input to output. */
export const pathsOf = (cell: string): readonly (readonly string[])[] =>
  waysFrom(
    0,
    cells.parse(cell).map((index) => operators[index]!),
  );

/** Which edge a mutation changes: any, or one into a node that is drawn first. */
const mutations: { readonly [name: string]: (rng: Rng) => number } = {
  edge: (rng) => rng.below(edges.length),
  node(rng) {
    const node = 1 + rng.below(3);
    return rng.pick([...edges.keys()].filter((i) => edges[i]![1] === node));
  },
};

/** Columns of the accuracy table for each data set, and its number of classes. */
const datasets: { readonly [name: string]: { readonly column: string; readonly classes: number } } = {
  cifar10: { column: "cifar10", classes: 10 },
  cifar100: { column: "cifar100", classes: 100 },
  "imagenet16-120": { column: "imagenet", classes: 120 },
};

/** The table of latencies in a benchmark's folder. */
export const latencyFile = "nasbench201_latency.csv";

/** Below this a cell has no path from input to output, and its time says nothing. */
const leastMs = 0.05;

const unreadable = (file: string, what: string): UserError =>
  new UserError(
    `${file} ${what}`,
    "Give a folder with nasbench201.csv (arch, cellstr, and <data set>-val and -test in percent) and, for " +
      "latencies, nasbench201_latency.csv (arch, cellstr, and <device>_ms).",
    exitCodes.data,
  );

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, `cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Some columns of a table without quotes, by its cell. */
function columnsOf(file: string, wanted: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const [head = "", ...lines] = read(file).trimEnd().split(/\r?\n/);
  const names = head.split(",");
  const at = ["cellstr", ...wanted].map((name) => {
    const index = names.indexOf(name);
    if (index < 0) throw unreadable(file, `has no column "${name}"`);
    return index;
  });
  const rows = new Map<string, readonly number[]>();
  for (const [i, line] of lines.entries()) {
    const fields = line.split(",");
    const [cell, ...values] = at.map((index) => fields[index] ?? "");
    const numbers = values.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    if (!numbers.every(Number.isFinite))
      throw unreadable(file, `line ${i + 2} has no number where one must be`);
    rows.set(cell!, numbers);
  }
  for (const cell of everyGenome(cells))
    if (!rows.has(cell)) throw unreadable(file, `has no row for ${cell}`);
  return rows;
}

/** The devices a table of latencies has. */
export function devicesIn(file: string): readonly string[] {
  const head = read(file).split(/\r?\n/, 1)[0]!;
  return head
    .split(",")
    .filter((name) => name.endsWith("_ms"))
    .map((name) => name.slice(0, -"_ms".length));
}

function latenciesOf(file: string, device: string): ReadonlyMap<string, readonly number[]> {
  const known = devicesIn(file);
  if (!known.includes(device))
    throw new UserError(`${file} has no device "${device}"`, didYouMean(device, known));
  return columnsOf(file, [`${device}_ms`]);
}

/**
 * NAS-Bench-201: 15,625 cells of 6 edges and 5 operators, trained for 12 epochs
 * with a schedule of that length.
 *
 * mutation  `edge`, any of the six; `node`, as the benchmark's authors do it: a node, then an edge into it
 * reference error of guessing, latency of the slowest cell
 * paper     Dong & Yang 2020, arXiv:2001.00326; latencies as Lee et al. 2021, HELP, arXiv:2106.08630, give them
 */
export const nasbench201 = defineBenchmark({
  summary: "15,625 cells trained for 12 epochs on three data sets; tables from --file",
  open({ file, dataset = "cifar10", device, mutation = "edge" }) {
    if (file === undefined)
      throw new UserError("benchmark nasbench201 needs its tables", "Name their folder with --file.");
    const data = Object.hasOwn(datasets, dataset) ? datasets[dataset]! : undefined;
    if (data === undefined)
      throw new UserError(
        `nasbench201 has no data set "${dataset}"`,
        didYouMean(dataset, Object.keys(datasets)),
      );
    if (!Object.hasOwn(mutations, mutation))
      throw new UserError(
        `nasbench201 has no mutation "${mutation}"`,
        didYouMean(mutation, Object.keys(mutations)),
      );
    const accuracies = columnsOf(join(file, "nasbench201.csv"), [
      `${data.column}-val`,
      `${data.column}-test`,
    ]);
    const latencies = device === undefined ? undefined : latenciesOf(join(file, latencyFile), device);
    const answers = new Map<string, BenchmarkAnswer>();
    let slowestMs = 0;
    for (const [cell, [validation, test]] of accuracies) {
      const ms = latencies?.get(cell)?.[0];
      const latencyMs = ms !== undefined && ms >= leastMs ? ms : undefined;
      slowestMs = Math.max(slowestMs, latencyMs ?? 0);
      answers.set(cell, { accuracy: validation! / 100, testAccuracy: test! / 100, latencyMs });
    }
    return {
      title: `NAS-Bench-201, ${dataset}, validation accuracy after 12 epochs${
        device === undefined ? "" : `, latency on ${device}`
      }`,
      moves: { ...categoricalMoves(cells, mutations[mutation]!), paths: pathsOf },
      epochs: 12,
      isMultiFidelity: false,
      hasLatency: device !== undefined,
      evaluate: (cell) => answers.get(cell)!,
      genomes: () => answers.keys(),
      reference: [1 - 1 / data.classes, slowestMs],
    };
  },
});
