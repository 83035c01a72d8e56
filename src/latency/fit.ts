import { type Kernel, kernels } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { extent, validityOf } from "./coverage.js";
import { conformal, level, logError, summary } from "./error.js";
import { fitSize } from "./fitSize.js";
import { leastSquares } from "./leastSquares.js";
import { type KernelModel, kernelMs } from "./model.js";
import { kernelShares } from "./shares.js";
import type { ErrorSummary, Fit, FittedRow, KernelInterval } from "./target.js";
import { type Work, workOf } from "./work.js";

/** One measured latency of a network. */
export interface Sample {
  readonly network: string;
  readonly family: string;
  readonly source: string;
  readonly ms: number;
  /** Last node of the network. */
  readonly out: Node;
}

/** The numbers of a model that a fit may change. */
export const fitted = [
  "callMs",
  "kernelMs",
  "layoutMs",
  "dense",
  "pointwise",
  "depthwise",
  "attention",
  "weightBytesPerMs",
  "featureBytesPerMs",
] as const;

/** What is believed of a device before its measurements are seen. */
export interface Prior {
  readonly model: KernelModel;
  /** Of ln of each number: 0.7 says "within a factor of two, more likely than not". */
  readonly deviation: Readonly<Record<(typeof fitted)[number], number>>;
  /** Of ln of the factor between a source and the protocol. */
  readonly offsetDeviation: number;
  /** Of ln of a measurement around a good model. */
  readonly noise: number;
}

/** Residuals beyond this many deviations of the noise pull with constant force. */
const huber = 1.5;

interface Row extends Omit<Sample, "out"> {
  readonly order: readonly Kernel[];
  readonly works: readonly Repeated[];
}

/** Work that a network does `times` times. */
interface Repeated {
  readonly work: Work;
  readonly times: number;
}

interface Fitted {
  readonly model: KernelModel;
  readonly offsets: ReadonlyMap<string, number>;
}

const totalMs = (works: readonly Repeated[], model: KernelModel): number =>
  works.reduce((sum, { work, times }) => sum + times * kernelMs(work, model), model.callMs);

function repeated(works: readonly Work[]): Repeated[] {
  const found = new Map<string, { work: Work; times: number }>();
  for (const work of works) {
    const key = Object.values(work).join();
    const same = found.get(key);
    if (same) same.times += 1;
    else found.set(key, { work, times: 1 });
  }
  return [...found.values()];
}

function toVector({ efficiency, ...rest }: KernelModel): number[] {
  const all = { ...efficiency, ...rest };
  return fitted.map((key) => Math.log(all[key]));
}

function toModel(at: readonly number[], base: KernelModel): KernelModel {
  const value = Object.fromEntries(fitted.map((key, i) => [key, Math.exp(at[i]!)])) as Record<
    (typeof fitted)[number],
    number
  >;
  const { callMs, kernelMs, layoutMs, weightBytesPerMs, featureBytesPerMs, ...shares } = value;
  const { dense, pointwise, depthwise, attention } = shares;
  const most = (share: number) => Math.min(1, share);
  const efficiency = {
    dense: most(dense),
    pointwise: most(pointwise),
    depthwise: most(depthwise),
    attention: most(attention),
  };
  return { ...base, callMs, kernelMs, layoutMs, efficiency, weightBytesPerMs, featureBytesPerMs };
}

const softened = (residual: number): number => {
  const size = Math.abs(residual);
  return size <= huber ? residual : Math.sign(residual) * Math.sqrt(2 * huber * size - huber * huber);
};

/** The model and offsets that are most likely under the prior, given the rows. */
function fitRows(rows: readonly Row[], protocol: string, prior: Prior): Fitted {
  const sources = [...new Set(rows.map((row) => row.source))].filter((source) => source !== protocol);
  const centre = toVector(prior.model);
  const spread = fitted.map((key) => prior.deviation[key]);
  const split = (at: readonly number[]): Fitted => ({
    model: toModel(at, prior.model),
    offsets: new Map(sources.map((source, i) => [source, at[centre.length + i]!])),
  });
  const residuals = (at: readonly number[]) => {
    const { model, offsets } = split(at);
    return [
      ...rows.map(({ works, source, ms }) =>
        softened((Math.log(totalMs(works, model) / ms) + (offsets.get(source) ?? 0)) / prior.noise),
      ),
      ...centre.map((c, i) => (at[i]! - c) / spread[i]!),
      ...sources.map((_, i) => at[centre.length + i]! / prior.offsetDeviation),
    ];
  };
  return split(leastSquares(residuals, [...centre, ...sources.map(() => 0)]));
}

const predictedMs = ({ works, source }: Row, { model, offsets }: Fitted): number =>
  totalMs(works, model) * Math.exp(offsets.get(source) ?? 0);

/** What each row is predicted to be by a fit to the rows that differ from it in `key`. */
function heldOut(
  rows: readonly Row[],
  key: "network" | "family",
  fit: (rest: readonly Row[]) => Fitted,
): number[] {
  const groups = new Map(
    [...new Set(rows.map((row) => row[key]))].map((name) => [
      name,
      fit(rows.filter((row) => row[key] !== name)),
    ]),
  );
  return rows.map((row) => predictedMs(row, groups.get(row[key])!));
}

/** ln ms = a + b ln MACs + c ln params, each network left out in turn. */
function baseline(rows: readonly Row[]): ErrorSummary {
  const sized = rows.map(({ order, network, ms }) => ({ ...extent(order), network, ms }));
  return summary(
    sized.map((row) => {
      const predicted = fitSize(sized.filter((other) => other.network !== row.network));
      return { predicted: predicted(row), ms: row.ms };
    }),
  );
}

/**
 * Fit a kernel model to measured latencies of whole networks: the most likely
 * numbers under a log-normal prior, with errors of ln ms that are normal and, far out,
 * exponential (Huber), and a factor for each source that is not the protocol.
 * The interval is from predictions for networks a fit had not seen.
 *
 * @param samples   at least one of the protocol; several families
 * @param protocol  the source whose milliseconds are predicted
 *
 * Deterministic. Source: Huber 1964, Robust estimation of a location parameter, Ann. Math. Statist. 35.
 */
export function fitKernelModel(samples: readonly Sample[], protocol: string, prior: Prior): Fit {
  const orders = new Map(samples.map(({ network, out }) => [network, kernels(out)]));
  const rows: readonly Row[] = samples.map(({ out: _, ...sample }) => {
    const order = orders.get(sample.network)!;
    return {
      ...sample,
      order,
      works: repeated(order.map((kernel) => workOf(kernel, prior.model.granularity))),
    };
  });
  const fit = (some: readonly Row[]) => fitRows(some, protocol, prior);
  const whole = fit(rows);
  const fittedMs = rows.map((row) => predictedMs(row, whole));
  const withoutNetwork = heldOut(rows, "network", fit);
  const withoutFamily = heldOut(rows, "family", fit);

  const pairs = (predicted: readonly number[], keep: (row: Row) => boolean) =>
    rows.flatMap((row, i) => (keep(row) ? [{ predicted: predicted[i]!, ms: row.ms }] : []));
  const inProtocol = (row: Row) => row.source === protocol;
  const measured = new Set(rows.filter(inProtocol).map((row) => row.network));
  const first = new Map([...rows].reverse().map((row) => [row.network, row]));
  const speaks = (row: Row) =>
    inProtocol(row) || (!measured.has(row.network) && first.get(row.network) === row);
  const errors = (predicted: readonly number[]) => pairs(predicted, speaks).map(logError);
  const families = [...new Set(rows.map((row) => row.family))].sort();
  const inside = conformal(errors(withoutNetwork), level);
  const interval: KernelInterval = {
    level,
    halfWidth: inside,
    halfWidthOutside: Math.max(inside, ...errors(withoutFamily).map(Math.abs)),
  };
  return {
    model: whole.model,
    validity: validityOf([...orders.values()].map(extent)),
    error: {
      inSample: summary(pairs(fittedMs, inProtocol)),
      networkOut: summary(pairs(withoutNetwork, inProtocol)),
      familyOut: summary(pairs(withoutFamily, inProtocol)),
      baseline: baseline(rows.filter(inProtocol)),
      otherSources: summary(pairs(withoutNetwork, (row) => !inProtocol(row))),
      families: families.map((family) => ({
        family,
        ...summary(pairs(withoutNetwork, (row) => row.family === family && speaks(row))),
      })),
    },
    interval,
    offsets: Object.fromEntries(whole.offsets),
    rows: rows.map(
      ({ network, family, source, ms }, i): FittedRow => ({
        network,
        family,
        source,
        ms,
        fittedMs: fittedMs[i]!,
        heldOutMs: withoutNetwork[i]!,
        shares: kernelShares(orders.get(network)!, whole.model),
      }),
    ),
  };
}
