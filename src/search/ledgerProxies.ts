import { exitCodes, UserError } from "../base/errors.js";
import type { ScoringAnswer } from "../train/score.js";
import { longestTrained, type Scored } from "./objective.js";
import type { ProxyTable } from "./proxiesTable.js";
import type { Trial } from "./trial.js";

/** A table of proxies over the trials of a run, with what each score took. */
export interface LedgerTable extends ProxyTable {
  /** Mean over the networks, by proxy. */
  readonly seconds: ReadonlyMap<string, number>;
  /** Why a network has no score, by proxy: the first reason. */
  readonly why: ReadonlyMap<string, string>;
}

/** Networks without which a rank correlation says nothing. */
const fewest = 3;

/**
 * The networks of a run whose accuracies compare: trained, as long as any, each once.
 *
 * @throws UserError  (exit code 5) when they are too few
 */
export function trainedOnce(trials: readonly Trial[]): readonly Scored[] {
  const trained = longestTrained(trials).filter(
    (trial, i, all) => all.findIndex(({ genome }) => genome === trial.genome) === i,
  );
  if (trained.length >= fewest) return trained;
  throw new UserError(
    `the run has trained ${trained.length} different networks`,
    `Rank correlation needs ${fewest} at least, and some dozens to mean anything.`,
    exitCodes.data,
  );
}

/** What proxies say of trained networks; `ask` is asked all at once. */
export async function tableOf(
  trained: readonly Scored[],
  proxies: readonly string[],
  ask: (genome: string, proxy: string) => Promise<ScoringAnswer>,
): Promise<LedgerTable> {
  const columns = await Promise.all(
    proxies.map(async (proxy) => {
      const answers = await Promise.all(trained.map(({ genome }) => ask(genome, proxy)));
      const known = answers.map((answer) => (answer.status === "scored" ? answer : undefined));
      const failed = answers.find((answer) => answer.status === "failed");
      const seconds = known.reduce((sum, answer) => sum + (answer?.seconds ?? 0), 0);
      return {
        proxy,
        scores: known.map((answer) => answer?.score),
        why: failed === undefined ? [] : ([[proxy, failed.why]] as const),
        seconds: seconds / Math.max(1, known.filter((answer) => answer !== undefined).length),
      };
    }),
  );
  return {
    accuracies: trained.map(({ accuracy }) => accuracy),
    scores: new Map(columns.map(({ proxy, scores }) => [proxy, scores])),
    seconds: new Map(columns.map(({ proxy, seconds }) => [proxy, seconds])),
    why: new Map(columns.flatMap(({ why }) => why)),
  };
}
