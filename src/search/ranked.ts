import { kendall, kendallInterval, spearman, spearmanInterval } from "../base/rank.js";
import { deviation, mean } from "../base/stats.js";
import { isScored, type Scored } from "./objective.js";
import type { Ranking, Training } from "./ranking.js";
import type { Trial } from "./trial.js";

/** How one way to rank networks agrees with the mean of their long trainings. */
export interface Agreement {
  /**
   * short: one short training of each; short-mean: the mean of its repeats; long: one long training, against the
   * mean of the others; params and macs: the baselines.
   */
  readonly by: "short" | "short-mean" | "long" | "params" | "macs";
  /** -1..1, the mean over the repeats where a way has several; null where either side is all equal. */
  readonly spearman: number | null;
  /** 95 %, of one ranking of so many networks; null with fewer than four. */
  readonly spearmanInterval: readonly [number, number] | null;
  /** τ-b. */
  readonly kendall: number | null;
  /** 95 %; null with fewer than five networks. */
  readonly kendallInterval: readonly [number, number] | null;
}

/** How accuracies of one way to train spread, in deviations of accuracy 0..1. */
export interface Spread {
  /** Of one network over its repeats; null where each was trained once. */
  readonly repeats: number | null;
  /** Between networks; with repeats, what these add to it is taken off. */
  readonly networks: number;
  /** Variance over repeats as a share of the variance between networks; null where either is not known, or none is. */
  readonly share: number | null;
}

/** What a training costs on average. */
export interface Effort {
  readonly seconds: number;
  /** Multiply-accumulates of the forward passes over the training images. */
  readonly macs: number;
}

/** What a run came to. */
export interface Ranked {
  /** Those all of whose trainings ended well: what everything else is of. */
  readonly networks: number;
  readonly leftOut: number;
  readonly agreements: readonly Agreement[];
  readonly spread: { readonly short: Spread; readonly long: Spread };
  readonly cost: { readonly short: Effort; readonly long: Effort };
  /** The network that the mean of its short trainings ranks first. */
  readonly picked: {
    readonly genome: string;
    /** By long training, from 1. */
    readonly rank: number;
    /** Mean of its long trainings, and of the best network's. */
    readonly accuracy: number;
    readonly best: number;
  };
}

/** A network and its trainings, one a repeat. */
interface Row {
  readonly genome: string;
  readonly short: readonly Scored[];
  readonly long: readonly Scored[];
}

const accuracies = (trials: readonly Scored[]): readonly number[] => trials.map(({ accuracy }) => accuracy);
const meanAccuracy = (trials: readonly Scored[]): number => mean(accuracies(trials));

/** The networks all of whose trainings ended well. */
function rowsOf(
  { repeats }: Ranking,
  trainings: readonly Training[],
  trials: readonly Trial[],
): readonly Row[] {
  const byNumber = new Map(trials.map((trial) => [trial.number, trial]));
  const genomes = [...new Set(trainings.map(({ genome }) => genome))];
  return genomes.flatMap((genome) => {
    const ended = (isLong: boolean): readonly Scored[] =>
      trainings
        .filter((training) => training.genome === genome && training.isLong === isLong)
        .flatMap(({ number }) => byNumber.get(number) ?? [])
        .filter(isScored);
    const [short, long] = [ended(false), ended(true)];
    return short.length === repeats && long.length === repeats ? [{ genome, short, long }] : [];
  });
}

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The mean agreement of pairs of rankings. */
function agreement(
  by: Agreement["by"],
  pairs: readonly (readonly [ranker: readonly number[], truth: readonly number[]])[],
): Agreement {
  const n = pairs[0]![0].length;
  const rho = known(mean(pairs.map(([a, b]) => spearman(a, b))));
  const tau = known(mean(pairs.map(([a, b]) => kendall(a, b))));
  return {
    by,
    spearman: rho,
    spearmanInterval: rho === null ? null : (spearmanInterval(rho, n) ?? null),
    kendall: tau,
    kendallInterval: tau === null ? null : (kendallInterval(tau, n) ?? null),
  };
}

/** Variances over repeats and between networks, by a one-way analysis with networks as a random effect. */
function spreadOf(all: readonly (readonly number[])[]): Spread {
  const repeats = all[0]!.length;
  const ofMeans = deviation(all.map(mean)) ** 2;
  if (repeats < 2) return { repeats: null, networks: Math.sqrt(ofMeans), share: null };
  const within = mean(all.map((values) => deviation(values) ** 2));
  const between = Math.max(0, ofMeans - within / repeats);
  return {
    repeats: Math.sqrt(within),
    networks: Math.sqrt(between),
    share: between === 0 ? null : within / between,
  };
}

/**
 * What the trainings of a run say of its short training.
 *
 * @param macsOf  multiply-accumulates of one forward pass of a genome in the form that is trained
 * @returns       undefined with fewer than two networks all of whose trainings ended well
 */
export function ranked(
  ranking: Ranking,
  trainings: readonly Training[],
  trials: readonly Trial[],
  macsOf: (genome: string) => number,
): Ranked | undefined {
  const rows = rowsOf(ranking, trainings, trials);
  if (rows.length < 2) return undefined;
  const each = (of: (row: Row) => number): readonly number[] => rows.map(of);
  const perRepeat = <T>(of: (repeat: number) => T): readonly T[] =>
    Array.from({ length: ranking.repeats }, (_, repeat) => of(repeat));
  const truth = each(({ long }) => meanAccuracy(long));
  const shortMean = each(({ short }) => meanAccuracy(short));
  const withoutOne = (trials: readonly Scored[], i: number) => meanAccuracy(trials.toSpliced(i, 1));
  const effort = (way: "short" | "long"): Effort => ({
    seconds: mean(rows.flatMap((row) => row[way].map(({ seconds }) => seconds))),
    macs: mean(
      rows.flatMap((row) =>
        row[way].map(
          ({ epochs }) => macsOf(row.genome) * epochs.reduce((sum, { images }) => sum + images, 0),
        ),
      ),
    ),
  });
  const first = shortMean.indexOf(Math.max(...shortMean));
  return {
    networks: rows.length,
    leftOut: ranking.networks - rows.length,
    agreements: [
      agreement(
        "short",
        perRepeat((i) => [each(({ short }) => short[i]!.accuracy), truth]),
      ),
      ...(ranking.repeats < 2
        ? []
        : [
            agreement("short-mean", [[shortMean, truth]]),
            agreement(
              "long",
              perRepeat((i) => [
                each(({ long }) => long[i]!.accuracy),
                each(({ long }) => withoutOne(long, i)),
              ]),
            ),
          ]),
      agreement("params", [[each(({ long }) => long[0]!.params), truth]]),
      agreement("macs", [[each(({ long }) => long[0]!.macs), truth]]),
    ],
    spread: {
      short: spreadOf(rows.map(({ short }) => accuracies(short))),
      long: spreadOf(rows.map(({ long }) => accuracies(long))),
    },
    cost: { short: effort("short"), long: effort("long") },
    picked: {
      genome: rows[first]!.genome,
      rank: 1 + truth.filter((accuracy) => accuracy > truth[first]!).length,
      accuracy: truth[first]!,
      best: Math.max(...truth),
    },
  };
}
