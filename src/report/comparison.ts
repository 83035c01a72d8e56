import type { ChalkInstance } from "chalk";
import { mean } from "../base/stats.js";
import { after, type Comparison, type Progress, type Standing, type Test } from "../search/compare.js";
import { htmlPage, type Series, svgChart, textChart } from "./chart.js";
import { table } from "./table.js";

/** A finished comparison, in percent: accuracy, or hypervolume as a share of the reference box. */
export interface Compared {
  readonly comparison: Comparison;
  readonly title: string;
  readonly progress: readonly Progress[];
  readonly standings: readonly Standing[];
  readonly tests: readonly Test[];
  /** The best there is to find. */
  readonly optimum: number;
  /** Exactly what random draws come to; known for accuracy. */
  readonly random: readonly { readonly queries: number; readonly mean: number; readonly std: number }[];
}

/** Mean over the seeds after each query, from the first. */
export const curve = ({ quality }: Progress, queries: number): readonly number[] =>
  Array.from({ length: queries }, (_, i) => mean(after(quality, queries, i + 1)));

const curves = ({ comparison, progress }: Compared): readonly Series[] =>
  comparison.contenders.map(({ label }, i) => ({
    name: label,
    values: curve(progress[i]!, comparison.queries),
  }));

const showP = (p: number): string => (p < 1e-15 ? "<1e-15" : p < 0.001 ? p.toExponential(1) : p.toFixed(3));

/** How the contenders stand, and whether they differ, as text. */
function tables(
  { comparison, standings, tests, optimum, random }: Compared,
  width: number,
): readonly string[] {
  const isAccuracy = comparison.metric === "accuracy";
  const exact = random.map(({ queries, mean, std }) => ({
    label: "random, exactly",
    queries,
    mean,
    std,
    testMean: undefined,
    seeds: "∞",
  }));
  const rows = [...standings.map((row) => ({ ...row, seeds: String(row.seeds) })), ...exact].sort(
    (a, b) => a.queries - b.queries || b.mean - a.mean,
  );
  return [
    table(
      [
        { title: "queries", of: (row) => String(row.queries), right: true },
        { title: "strategy", of: (row) => row.label },
        { title: "mean", of: (row) => row.mean.toFixed(3), right: true },
        { title: "deviation", of: (row) => row.std.toFixed(3), right: true },
        { title: "to optimum", of: (row) => (optimum - row.mean).toFixed(3), right: true, drop: 1 },
        ...(isAccuracy
          ? [
              {
                title: "test",
                of: (row: (typeof rows)[0]) => row.testMean?.toFixed(3) ?? "",
                right: true,
                drop: 2,
              },
            ]
          : []),
        { title: "seeds", of: (row) => row.seeds, right: true, drop: 3 },
      ],
      rows,
      width,
    ),
    ...(tests.length === 0
      ? []
      : [
          table(
            [
              { title: "queries", of: (test) => String(test.queries), right: true },
              { title: "better", of: (test) => (test.difference >= 0 ? test.a : test.b) },
              { title: "worse", of: (test) => (test.difference >= 0 ? test.b : test.a) },
              { title: "by", of: (test) => Math.abs(test.difference).toFixed(3), right: true },
              { title: "p (Holm)", of: (test) => showP(test.pHolm), right: true },
              { title: "", of: (test) => (test.pHolm < 0.05 ? "" : "no difference shown") },
            ],
            tests,
            width,
          ),
        ]),
  ];
}

const measured = ({ comparison, optimum }: Compared): string =>
  comparison.metric === "accuracy"
    ? `Best accuracy found, in percent, mean of ${comparison.seeds} seeds. The optimum is ${optimum.toFixed(3)}.`
    : `Hypervolume found of error and latency, in percent of the reference box, mean of ${comparison.seeds} seeds. ` +
      `The optimal front has ${optimum.toFixed(3)}.`;

const testWords =
  "Wilcoxon signed-rank test over the seeds, Holm-corrected for the pairs at one number of queries.";

export function comparisonText(compared: Compared, width: number, style: ChalkInstance): string {
  const [standings, tests] = tables(compared, width);
  const chart = textChart(curves(compared), { width: Math.min(100, width), height: 15, style });
  return [
    style.bold(compared.title),
    measured(compared),
    "",
    standings,
    ...(tests === undefined ? [] : ["", testWords, tests]),
    "",
    chart,
  ].join("\n");
}

export function comparisonHtml(compared: Compared): string {
  const isAccuracy = compared.comparison.metric === "accuracy";
  const [standings, tests] = tables(compared, Number.POSITIVE_INFINITY);
  const chart = svgChart(curves(compared), {
    title: compared.title,
    x: "queries",
    y: isAccuracy ? "best accuracy, %" : "hypervolume, %",
  });
  return htmlPage(compared.title, [
    { text: measured(compared) },
    chart,
    { text: standings! },
    ...(tests === undefined ? [] : [{ text: `${testWords}\n\n${tests}` }]),
  ]);
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Mean and deviation after every query: `strategy,queries,mean,std,seeds`, a contender after the other. */
export function comparisonCsv(every: readonly Standing[]): string {
  const rows = every.map(({ label, queries, mean, std, seeds }) =>
    [quoted(label), queries, mean, std, seeds].join(","),
  );
  return `${["strategy,queries,mean,std,seeds", ...rows].join("\n")}\n`;
}
