import { kendall, spearman } from "../base/rank.js";
import { mean } from "../base/stats.js";
import { genomeOf } from "./blocks.js";
import { summary } from "./error.js";
import { predictBlocks } from "./predict.js";
import { blockShares, type Shares } from "./shares.js";
import type { ErrorSummary, Target } from "./target.js";

/** One network, measured, and predicted by a model that had not seen it. */
export interface Case {
  readonly network: string;
  readonly measuredMs: number;
  readonly predictedMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly shares: Shares;
}

/** What may be wrong where a prediction is far off: what takes more of its time than of the other networks'. */
export interface Blame {
  readonly what: string;
  /** Of this network's predicted time, 0..1. */
  readonly share: number;
  /** Of all networks', on average. */
  readonly usual: number;
}

/** How well predictions agree with measurements. */
export interface Validation {
  readonly networks: number;
  /** Root of the mean squared error, in milliseconds. */
  readonly rmseMs: number;
  /** Root of the mean squared relative error. */
  readonly rmspe: number;
  /** Mean of the absolute relative error. */
  readonly mape: number;
  /** Share of networks within this share of what was measured. */
  readonly within: { readonly "0.05": number; readonly "0.1": number; readonly "0.15": number };
  /** Null where all latencies are equal. */
  readonly spearman: number | null;
  /** τ-b; null where all latencies are equal. */
  readonly kendall: number | null;
  readonly interval: {
    /** Share of networks it is meant to hold for. */
    readonly level: number;
    /** Share it held for. */
    readonly held: number;
    /** Not, when so few inside would come about in less than 5 % of samples of a share `level`. */
    readonly holds: boolean;
  };
  /** The largest relative errors, largest first. */
  readonly worst: readonly (Omit<Case, "shares"> & {
    readonly error: number;
    readonly blame: Blame | null;
  })[];
}

const worstCount = 5;
const doubt = 0.05;
/** Of a stored prediction, which is rounded to nine digits. */
const rounding = 1e-8;

/** The probability of `most` or fewer of n, each with a chance of p. */
export function atMost(most: number, n: number, p: number): number {
  let term = Math.log1p(-p) * n;
  let sum = 0;
  for (let k = 0; k <= most; k++) {
    sum += Math.exp(term);
    term += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** @param cases  at least one */
export function validate(cases: readonly Case[], level: number): Validation {
  const errors = cases.map(({ predictedMs, measuredMs }) => predictedMs / measuredMs - 1);
  const predicted = cases.map((c) => c.predictedMs);
  const measured = cases.map((c) => c.measuredMs);
  const within = (share: number) => mean(errors.map((e) => (Math.abs(e) <= share ? 1 : 0)));
  const inside = cases.filter(
    ({ measuredMs, lowMs, highMs }) =>
      measuredMs >= lowMs * (1 - rounding) && measuredMs <= highMs * (1 + rounding),
  ).length;
  const usual = meanShares(cases);
  return {
    networks: cases.length,
    rmseMs: Math.sqrt(mean(cases.map((c) => (c.predictedMs - c.measuredMs) ** 2))),
    rmspe: Math.sqrt(mean(errors.map((e) => e * e))),
    mape: mean(errors.map(Math.abs)),
    within: { "0.05": within(0.05), "0.1": within(0.1), "0.15": within(0.15) },
    spearman: orNull(spearman(predicted, measured)),
    kendall: orNull(kendall(predicted, measured)),
    interval: {
      level,
      held: inside / cases.length,
      holds: atMost(inside, cases.length, level) >= doubt,
    },
    worst: cases
      .map(({ shares, ...one }, i) => ({ ...one, error: errors[i]!, blame: blameOf(shares, usual) }))
      .sort((a, b) => Math.abs(b.error) - Math.abs(a.error))
      .slice(0, worstCount),
  };
}

function meanShares(cases: readonly Case[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const { shares } of cases)
    for (const [what, share] of Object.entries(shares)) sum.set(what, (sum.get(what) ?? 0) + share);
  return new Map([...sum].map(([what, total]) => [what, total / cases.length]));
}

function blameOf(shares: Shares, usual: ReadonlyMap<string, number>): Blame | null {
  const more = Object.entries(shares)
    .map(([what, share]) => ({ what, share, usual: usual.get(what)! }))
    .sort((a, b) => b.share - b.usual - (a.share - a.usual));
  return more[0] !== undefined && more[0].share > more[0].usual ? more[0] : null;
}

/**
 * The networks of a target's own protocol, each predicted by a fit without it, as the target's
 * file has them. The interval was made of these errors, so on them it holds by construction.
 */
export function leftOut(target: Target): readonly Case[] {
  if (target.kind === "blocks")
    return target.heldOut.map((digits, i): Case => {
      const numbers = [...digits].map(Number);
      const { ms, lowMs, highMs } = predictBlocks(genomeOf(numbers, target.table), target);
      return {
        network: digits,
        measuredMs: target.heldOutMs[i]!,
        predictedMs: ms,
        lowMs,
        highMs,
        shares: blockShares(numbers, target.table),
      };
    });
  const bar = Math.exp(target.interval.halfWidth);
  const rows =
    target.kind === "measured"
      ? target.model.heldOut.map((row) => ({ ...row, shares: {} }))
      : target.rows.filter(({ source }) => target.offsets[source] === undefined);
  return rows.map(({ network, ms, heldOutMs, shares }) => ({
    network,
    measuredMs: ms,
    predictedMs: heldOutMs,
    lowMs: heldOutMs / bar,
    highMs: heldOutMs * bar,
    shares,
  }));
}

/** The errors of a group of a target's networks, each left out of the fit. */
export interface GroupError extends ErrorSummary {
  readonly title: string;
}

/** The protocol's networks in the groups that the target tells apart, and all of them; none where it tells none apart. */
export function groupErrors(target: Target): readonly GroupError[] {
  if (target.kind !== "kernels" || target.groups === undefined) return [];
  const own = target.rows.filter(({ source }) => target.offsets[source] === undefined);
  const all = {
    title: "all of the protocol that can be expressed",
    networks: own.map(({ network }) => network),
  };
  return [...target.groups, all].map(({ title, networks }) => ({
    title,
    ...summary(
      own
        .filter(({ network }) => networks.includes(network))
        .map(({ heldOutMs, ms }) => ({ predicted: heldOutMs, ms })),
    ),
  }));
}

/** A latency that others published, and what the target says of it. */
export interface Published {
  readonly network: string;
  readonly source: string;
  readonly publishedMs: number;
  /** By a fit without any row of the network, for that source's way of measuring. */
  readonly leftOutMs: number;
}

/** The published latencies that a target is to be seen beside. */
export const publishedBeside = (target: Target): readonly Published[] =>
  target.kind !== "kernels"
    ? []
    : target.rows
        .filter(({ source }) => target.shown?.includes(source))
        .map(({ network, source, ms, heldOutMs }) => ({
          network,
          source,
          publishedMs: ms,
          leftOutMs: heldOutMs,
        }));
