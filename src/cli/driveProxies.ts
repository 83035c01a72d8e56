import type { Draw } from "../search/feasible.js";
import { proxyNetwork } from "../search/proxyNetwork.js";
import { filter, type Screen, type Screened, screening, unscreened, warmUp } from "../search/screen.js";
import { aimOf } from "../search/settings.js";
import type { Strategy } from "../search/strategy.js";
import { proxyForm } from "../space/build.js";
import type { OpenRun } from "../store/run.js";
import type { Dataset } from "../train/dataset.js";
import { openScorers, type PoolOptions } from "../train/pool.js";
import type { ScoringAnswer } from "../train/score.js";
import type { Io } from "./io.js";

/** What zero-cost proxies do in a run. */
export interface Proxies {
  /** Between the strategy and its questions; absent where none stands there. */
  readonly screen?: Screen;
  /** Instead of training; absent where networks are trained. */
  rate?(genome: string): Promise<ScoringAnswer>;
  close(): Promise<void>;
}

/** The proxies of a run: its objective, warm-up and filter, with scores from the ledger as far as they go. */
export function proxiesOf(
  run: OpenRun,
  dataset: Dataset,
  given: {
    readonly strategy: Strategy;
    readonly pool: Omit<PoolOptions, "dataset">;
    readonly stop: AbortSignal;
    readonly io: Io;
    draw(): Draw;
    onScreened(screened: Screened): void;
  },
): Proxies {
  const { meaning } = run.record.settings;
  const { space, seed, engine } = meaning;
  const { proxy } = aimOf(meaning);
  if (proxy === undefined && meaning.warmUp === undefined && meaning.filter === undefined)
    return { close: async () => {} };
  // Scores of a filter alone are asked one at a time, beside the trainings.
  const workers = proxy === undefined && meaning.warmUp === undefined ? 1 : given.pool.workers;
  const pool = openScorers({ ...given.pool, workers, dataset });
  const form = proxyForm(space, dataset);
  const score = (by: string, genome: string) =>
    pool.evaluate({ network: proxyNetwork(space, form, genome), proxy: by, seed, engine }, given.stop);

  const stored = new Map(run.screened.map((screened) => [screened.number, screened]));
  let done = 0;
  const scoreOf = screening({
    score,
    recall(number) {
      const known = stored.get(number);
      if (known !== undefined) given.onScreened(known);
      return known;
    },
    async record(screened) {
      await run.appendScreened(screened);
      given.onScreened(screened);
      if (screened.trial === null) given.io.status(`Warm-up: ${++done} networks scored`);
    },
  });
  const own = meaning.filter ? filter({ ...meaning.filter, seed, scoreOf }) : unscreened(seed);
  const first = given.strategy.randomDraws?.(meaning.strategyOptions) ?? 0;
  const sample: Parameters<typeof warmUp>[0]["sample"] = (rng) => given.draw().moves.sample(rng);
  const screen = meaning.warmUp
    ? warmUp({ ...meaning.warmUp, first, seed, sample, scoreOf, after: own })
    : own;
  return {
    ...(meaning.warmUp || meaning.filter ? { screen } : {}),
    ...(proxy === undefined ? {} : { rate: (genome: string) => score(proxy, genome) }),
    close: () => pool.close(),
  };
}
