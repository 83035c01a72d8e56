import assert from "node:assert/strict";
import { contender } from "../../src/cli/commands/bench/contenders.js";
import { compare, standing } from "../../src/search/compare.js";
import { nasBench } from "./nasBench.js";

/** Mean best validation accuracy in percent with its deviation, of 500 seeds, by queries. */
interface Row {
  readonly dataset: string;
  readonly strategy: string;
  readonly mutation: "edge" | "node";
  readonly found: { readonly [queries: number]: readonly [mean: number, std: number] };
}

const row = (
  dataset: string,
  strategy: string,
  found: Row["found"],
  mutation: Row["mutation"] = "edge",
): Row => ({ dataset, strategy, mutation, found });

const aging = (population: number, tournament: number) =>
  `aging:population=${population}:tournament=${tournament}`;

/** Reference results on the 12-epoch table, simulated apart from this code. */
export const rows: readonly Row[] = [
  row(
    "cifar10",
    aging(10, 3),
    {
      50: [83.45, 1.29],
      100: [84.16, 0.75],
      150: [84.37, 0.56],
      200: [84.52, 0.41],
      300: [84.66, 0.31],
      500: [84.78, 0.19],
    },
    "node",
  ),
  row("cifar10", aging(10, 3), {
    50: [83.48, 1.18],
    100: [84.14, 0.69],
    150: [84.4, 0.5],
    200: [84.54, 0.36],
    300: [84.68, 0.24],
    500: [84.78, 0.16],
  }),
  row("cifar10", aging(30, 10), {
    50: [83.67, 0.92],
    100: [84.44, 0.51],
    150: [84.65, 0.36],
    200: [84.71, 0.32],
    300: [84.75, 0.29],
    500: [84.78, 0.27],
  }),
  row("cifar10", aging(50, 10), {
    50: [83.25, 0.87],
    100: [84.34, 0.5],
    150: [84.65, 0.3],
    200: [84.76, 0.22],
    300: [84.82, 0.19],
    500: [84.84, 0.18],
  }),
  row("cifar10", aging(100, 25), {
    50: [83.25, 0.87],
    100: [83.72, 0.58],
    150: [84.5, 0.33],
    200: [84.72, 0.23],
    300: [84.83, 0.18],
    500: [84.85, 0.17],
  }),
  row("cifar10", "local", {
    50: [84.28, 0.77],
    100: [84.69, 0.32],
    150: [84.81, 0.2],
    200: [84.85, 0.14],
    300: [84.88, 0.06],
    500: [84.89, 0],
  }),
  row("cifar10", "reinforce", {
    50: [83.25, 0.93],
    100: [83.8, 0.53],
    150: [84.02, 0.42],
    200: [84.16, 0.37],
    300: [84.37, 0.29],
    500: [84.6, 0.2],
  }),
  row("cifar100", aging(10, 3), { 100: [60.08, 1.42], 200: [60.81, 0.69], 500: [61.24, 0.23] }, "node"),
  row("cifar100", aging(50, 10), { 100: [60.42, 0.91], 200: [61.16, 0.35], 500: [61.25, 0.28] }),
  row("cifar100", "local", { 100: [60.96, 0.62], 200: [61.25, 0.22], 500: [61.32, 0.04] }),
  row("cifar100", "reinforce", { 100: [59.28, 1.1], 200: [60.12, 0.77], 500: [61.13, 0.3] }),
  row("imagenet16-120", aging(10, 3), { 100: [36.95, 1.39], 200: [37.72, 0.81], 500: [38.33, 0.43] }, "node"),
  row("imagenet16-120", aging(50, 10), { 100: [37.33, 0.94], 200: [38.19, 0.61], 500: [38.51, 0.5] }),
  row("imagenet16-120", "local", { 100: [38.04, 0.74], 200: [38.47, 0.4], 500: [38.66, 0.08] }),
  row("imagenet16-120", "reinforce", { 100: [36.15, 1.01], 200: [37.02, 0.73], 500: [38.09, 0.48] }),
];

/** Exact expectation and deviation of the best of so many random draws, in percent. */
export const randomRows: readonly Row[] = [
  row("cifar10", "random", {
    50: [83.204, 0.927],
    100: [83.696, 0.572],
    150: [83.893, 0.461],
    200: [84.008, 0.411],
    300: [84.151, 0.358],
    500: [84.305, 0.303],
  }),
  row("cifar100", "random", {
    50: [58.051, 1.813],
    100: [59.039, 1.191],
    150: [59.452, 0.969],
    200: [59.696, 0.855],
    300: [59.991, 0.738],
    500: [60.307, 0.632],
  }),
  row("imagenet16-120", "random", {
    50: [35.002, 1.599],
    100: [35.872, 1.093],
    150: [36.249, 0.933],
    200: [36.482, 0.85],
    300: [36.775, 0.752],
    500: [37.097, 0.648],
  }),
];

/** Rows of one data set and mutation, which are searched together. */
export const groups: readonly (readonly Row[])[] = [
  ...new Map(
    rows.map(({ dataset, mutation }) => [
      `${dataset} ${mutation}`,
      rows.filter((r) => r.dataset === dataset && r.mutation === mutation),
    ]),
  ).values(),
];

export const title = (group: readonly Row[]): string => {
  const { dataset, mutation } = group[0]!;
  const names = group.map(({ strategy }) => strategy).join(", ");
  return `${dataset}${mutation === "node" ? ", node mutation" : ""}: ${names}`;
};

/**
 * That every row's means are within four standard errors of the reference, and `slack` percent points.
 *
 * @param group  rows of one data set and mutation
 */
export async function check(group: readonly Row[], seeds: number, slack: number): Promise<void> {
  const { dataset, mutation } = group[0]!;
  const queries = Math.max(...group.flatMap(({ found }) => Object.keys(found).map(Number)));
  const progress = await compare(
    {
      benchmark: { name: "nasbench201", options: { file: nasBench, dataset, mutation } },
      metric: "accuracy",
      contenders: group.map(({ strategy }) => contender(strategy, { queries: queries, size: 15_625n })),
      queries,
      firstSeed: 1,
      seeds,
    },
    { workers: 2 },
  );
  for (const [i, { strategy, found }] of group.entries())
    for (const [count, [expected, std]] of Object.entries(found)) {
      const mean = 100 * standing(progress[i]!, strategy, queries, Number(count)).mean;
      const within = (4 * std) / Math.sqrt(seeds) + slack;
      assert.ok(
        Math.abs(mean - expected) <= within,
        `${strategy}, ${count} queries: ${mean.toFixed(3)}, not ${expected} ± ${within.toFixed(3)}`,
      );
    }
}
