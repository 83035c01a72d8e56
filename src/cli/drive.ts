import { availableParallelism } from "node:os";
import { lookup } from "../base/lookup.js";
import { openTarget } from "../latency/openTarget.js";
import { evaluator } from "../search/evaluate.js";
import { fastest, limitedMoves } from "../search/feasible.js";
import { measurer } from "../search/measure.js";
import { goalFor } from "../search/scalar.js";
import { scheduled } from "../search/scheduled.js";
import type { Screened } from "../search/screen.js";
import { search } from "../search/search.js";
import { aimOf, limitsOf } from "../search/settings.js";
import * as strategies from "../search/strategies/index.js";
import type { Strategy } from "../search/strategy.js";
import type { Answered } from "../search/supernet/run.js";
import type { Trial } from "../search/trial.js";
import { proxyForm } from "../space/build.js";
import type { OpenRun } from "../store/run.js";
import type { Dataset } from "../train/dataset.js";
import { openPool } from "../train/pool.js";
import { prepareEngine } from "../train/prepareEngine.js";
import { proxiesOf } from "./driveProxies.js";
import { derivedFrom } from "./driveSupernet.js";
import type { Io } from "./io.js";

/** Most memory a worker's engine may hold. */
export const workerMemoryMb = 2048;
/** Longest a trial may take. */
export const trialTimeoutMs = 30 * 60_000;

/** How a run ended: all planned trials told, or a signal before. */
export interface Driven {
  readonly trials: readonly Trial[];
  readonly interrupted: boolean;
}

/**
 * Drive a run to its budget: the plan from its first question on, with answers
 * from the ledger as far as they go.
 *
 * @param onTrial  told each trial in ask order; `isNew` when it was answered now
 */
export async function drive(
  run: OpenRun,
  dataset: Dataset,
  given: {
    readonly workers: number | undefined;
    readonly io: Io;
    onTrial(trial: Trial, isNew: boolean): void;
    onAnswer(answered: Answered, isNew: boolean): void;
    /** Told each candidate that a proxy looked at, in the order they were scored. */
    onScreened(screened: Screened): void;
  },
): Promise<Driven> {
  const { meaning, budget } = run.record.settings;
  const { space, seed, fidelity, engine } = meaning;
  prepareEngine(engine);
  const { proxy, limits: besides } = aimOf(meaning);
  const limits = limitsOf(meaning);
  const target = openTarget(meaning.target);
  const strategy = lookup(
    strategies as Readonly<Record<string, unknown>>,
    meaning.strategy,
    "strategy",
  ) as Strategy;
  const measure = measurer(space, target);
  const fastestGenome = fastest(space, measure, besides).genome;
  const stored = new Map(run.trials.map((trial) => [trial.number, trial]));
  const unfinished = budget.trials - run.trials.filter((t) => t.number < budget.trials).length;
  const workers = Math.max(1, Math.min(given.workers ?? availableParallelism(), unfinished));
  const stop = AbortSignal.any([given.io.signal, run.lost]);
  const threads = { workers, memoryMb: workerMemoryMb, timeoutMs: trialTimeoutMs };
  const pool = proxy === undefined ? openPool({ ...threads, dataset }) : undefined;
  const draw = () => limitedMoves(space, measure, limits, fastestGenome);
  const proxies = proxiesOf(run, dataset, { ...given, strategy, pool: threads, stop, draw });
  const trials: Trial[] = [];
  try {
    const derived = await derivedFrom(run, dataset, { ...given, target, workers, stop, draw });
    const evaluate = evaluator({
      space,
      proxy: proxyForm(space, dataset),
      fidelity,
      engine,
      seed,
      limits,
      measure,
      train: (question) => pool!.evaluate(question, stop),
      ...(proxies.rate && { rate: proxies.rate }),
      recall: (number) => stored.get(number),
      record: (trial) => run.append(trial),
    });
    const plan = {
      strategy: scheduled(strategy, meaning.schedule, fidelity.epochs),
      options: meaning.strategyOptions,
      goal: goalFor(aimOf(meaning), limits),
      seed,
      trials: budget.trials,
      ahead: meaning.ahead,
      ...(derived && { derived }),
      ...(proxies.screen && { screen: proxies.screen }),
      draw,
      evaluate,
    };
    for await (const trial of search(plan)) {
      trials.push(trial);
      given.onTrial(trial, !stored.has(trial.number));
      stop.throwIfAborted();
    }
    return { trials, interrupted: false };
  } catch (error) {
    if (run.lost.aborted) throw run.lost.reason;
    if (!given.io.signal.aborted) throw error;
    return { trials, interrupted: true };
  } finally {
    await Promise.all([pool?.close(), proxies.close()]);
  }
}
