import { UserError } from "../base/errors.js";
import { type Rng, stream } from "../base/rng.js";
import type { ScoringAnswer } from "../train/score.js";
import type { Asked } from "./strategy.js";

/** A candidate that a proxy looked at before it became a trial, or did not. */
export interface Screened {
  /** In which order candidates were looked at, from 0; a network is looked at once. */
  readonly number: number;
  /** The question it was a candidate for; null for a draw of the warm-up. */
  readonly trial: number | null;
  readonly proxy: string;
  readonly genome: string;
  /** Higher is better; null where the proxy has none. */
  readonly score: number | null;
  /** It has no score. */
  readonly why: string | null;
  readonly seconds: number;
}

/** What strategies ask as it is. */
export const unscreened =
  (seed: number): Screen =>
  async (n, ask) =>
    ask(stream(seed, "ask", n));

type Answer = string | Asked | undefined;

/** The question n, from what the strategy asks given a stream. */
export type Screen = (n: number, ask: (rng: Rng) => Answer) => Promise<Answer>;

/** The score of a candidate; minus infinity where it has none. */
export type ScoreOf = (proxy: string, genome: string, trial: number | null) => Promise<number>;

/**
 * How candidates are scored: from the ledger where they were before, each network once. Numbers are given in the order
 * asked; every new answer is stored before it is given.
 *
 * @throws UserError  when the ledger has another candidate there
 */
export function screening(given: {
  recall(number: number): Screened | undefined;
  score(proxy: string, genome: string): Promise<ScoringAnswer>;
  record(screened: Screened): Promise<void>;
}): ScoreOf {
  const known = new Map<string, Promise<number>>();
  let next = 0;
  const look = async (
    number: number,
    proxy: string,
    genome: string,
    trial: number | null,
  ): Promise<number> => {
    const stored = given.recall(number);
    if (stored !== undefined) {
      if (stored.genome === genome && stored.proxy === proxy && stored.trial === trial)
        return stored.score ?? Number.NEGATIVE_INFINITY;
      throw new UserError(
        `candidate ${number} of the ledger is another than this version looks at`,
        "The run was made by another version of nas; start a new one.",
      );
    }
    const answer = await given.score(proxy, genome);
    const [score, why, seconds] =
      answer.status === "scored" ? [answer.score, null, answer.seconds] : [null, answer.why, 0];
    await given.record({ number, trial, proxy, genome, score, why, seconds });
    return score ?? Number.NEGATIVE_INFINITY;
  };
  return (proxy, genome, trial) => {
    const key = `${proxy} ${genome}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = look(next++, proxy, genome, trial);
    answer.catch(() => {}); // met where it is awaited; until then Node must not call it unhandled
    known.set(key, answer);
    return answer;
  };
}

/** Draws for each different network that is wanted. */
const patience = 20;

/**
 * The first questions are the networks that a proxy scores highest of `draws` different ones, the highest first; then
 * the strategy's own.
 *
 * Source: Abdelfattah et al. 2021, Zero-Cost Proxies for Lightweight NAS, arXiv:2101.08134, §4.2.
 */
export function warmUp(given: {
  readonly proxy: string;
  readonly draws: number;
  /** Questions that it answers for. */
  readonly first: number;
  readonly seed: number;
  sample(rng: Rng): string;
  readonly scoreOf: ScoreOf;
  /** What the strategy's own questions go through. */
  readonly after: Screen;
}): Screen {
  const { proxy, draws, first, seed, sample, scoreOf, after } = given;
  const choose = async (): Promise<readonly string[]> => {
    const drawn = new Set<string>();
    for (let i = 0; drawn.size < draws && i < patience * draws; i++)
      drawn.add(sample(stream(seed, "warm-up", i)));
    const scored = await Promise.all(
      [...drawn].map(async (genome) => ({ genome, score: await scoreOf(proxy, genome, null) })),
    );
    return scored
      .sort((a, b) => (a.score === b.score ? 0 : b.score - a.score))
      .slice(0, first)
      .map(({ genome }) => genome);
  };
  let chosen: Promise<readonly string[]> | undefined;
  return async (n, ask) => {
    chosen ??= choose();
    return (n < first ? (await chosen)[n] : undefined) ?? after(n, ask);
  };
}

/** Candidates that a filter compares with. */
const recent = 50;
/** Fewer say nothing of what is usual. */
const fewest = 10;
/** Candidates for one question. */
const most = 10;

/**
 * A candidate whose score is below a quantile of the last 50 candidates' is drawn again, up to ten times; the best of those
 * is asked then. The first ten are taken as they come, and so is a network that was asked before.
 */
export function filter(given: {
  readonly proxy: string;
  /** 0..1. */
  readonly quantile: number;
  readonly seed: number;
  readonly scoreOf: ScoreOf;
}): Screen {
  const { proxy, quantile, seed, scoreOf } = given;
  const scores: number[] = [];
  const asked = new Set<string>();
  const passes = (score: number): boolean => {
    const sorted = scores.slice(-recent).sort((a, b) => (a === b ? 0 : a - b));
    return sorted.length < fewest || score >= sorted[Math.floor(quantile * (sorted.length - 1))]!;
  };
  return async (n, ask) => {
    let best: { readonly answer: Answer; readonly genome: string; readonly score: number } | undefined;
    for (let draw = 0; draw < most; draw++) {
      const answer = ask(draw === 0 ? stream(seed, "ask", n) : stream(seed, "ask", n, draw));
      if (answer === undefined) return undefined;
      const genome = typeof answer === "string" ? answer : answer.genome;
      if (asked.has(genome)) return answer;
      const score = await scoreOf(proxy, genome, n);
      const isFine = passes(score);
      scores.push(score);
      if (best === undefined || score > best.score) best = { answer, genome, score };
      if (isFine) break;
    }
    asked.add(best!.genome);
    return best!.answer;
  };
}
