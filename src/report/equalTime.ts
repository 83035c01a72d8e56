import { basename, dirname } from "node:path";
import { mean } from "../base/stats.js";
import { doneAt, type Ran, standingAt } from "../search/equalTime.js";
import { isScored } from "../search/objective.js";
import { table } from "./table.js";
import { showDuration, showPercent } from "./unit.js";

/** A run with the folder it is in. */
export interface NamedRan extends Ran {
  readonly dir: string;
}

/** Runs of one task after equal time, the best first, as `--json` has it. */
export type EqualTime = ReturnType<typeof equalTime>;

/**
 * Compare runs of one task by what each had found after equal time.
 *
 * @param runs     one at least
 * @param workers  that train side by side
 * @param seconds  after which they are compared; without it the whole time of the shortest
 */
export function equalTime(runs: readonly NamedRan[], workers: number, seconds?: number) {
  const done = runs.map((run) => doneAt(run, workers));
  const time = seconds ?? Math.min(...done.map((of) => standingAt(of, 0).seconds));
  const standings = runs.map(({ dir, meaning }, i) => {
    const { best, bestOfAll, ...standing } = standingAt(done[i]!, time);
    return {
      run: basename(dir),
      dir,
      strategy: meaning.strategy,
      strategyOptions: meaning.strategyOptions,
      schedule: meaning.schedule ?? null,
      seed: meaning.seed,
      ...standing,
      accuracy: best?.accuracy ?? null,
      accuracyKind: "proxy" as const,
      validated: best?.epochs.at(-1)?.validated ?? null,
      bestOfAll: bestOfAll?.accuracy ?? null,
    };
  });
  return {
    seconds: time,
    workers,
    runs: standings.toSorted((a, b) => (b.accuracy ?? -1) - (a.accuracy ?? -1)),
  };
}

type Standing = EqualTime["runs"][number];

/** The part of a difference that the choice of validation images alone may make, 95 %: 1.96 deviations of two shares. */
function chance(runs: readonly Standing[]): number | undefined {
  const [first] = runs;
  if (runs.length < 2 || first?.accuracy == null || !first.validated) return undefined;
  return 1.96 * Math.sqrt((2 * first.accuracy * (1 - first.accuracy)) / first.validated);
}

/**
 * The comparison for eyes.
 *
 * @param own  folder of the run that is reported, marked
 */
export function equalTimeText({ seconds, workers, runs }: EqualTime, width: number, own?: string): string {
  const least = chance(runs);
  return [
    `Best proxy accuracy after equal time: ${showDuration(1000 * seconds)} of training and scoring on ${workers === 1 ? "one worker" : `${workers} workers`}, by the ledgers' own times`,
    table(
      [
        { title: "strategy", of: (r) => [r.strategy, r.schedule?.name].filter(Boolean).join(" with ") },
        { title: "seed", of: (r) => String(r.seed), right: true, drop: 2 },
        {
          title: "accuracy",
          of: (r) => (r.accuracy === null ? "none" : showPercent(r.accuracy)),
          right: true,
        },
        { title: "trained", of: (r) => String(r.trained), right: true },
        { title: "its whole time", of: (r) => showDuration(1000 * r.seconds), right: true, drop: 3 },
        {
          title: "best of it",
          of: (r) => (r.bestOfAll === null ? "none" : showPercent(r.bestOfAll)),
          right: true,
          drop: 4,
        },
        { title: "run", of: (r) => (r.dir === own ? "this one" : r.run), drop: 1 },
      ],
      runs,
      width,
    ),
    `Single runs are noisy${least === undefined ? "" : `: ${showPercent(least)} between two networks may be the choice of the ${runs[0]!.validated} validation images alone, and seeds differ by more`}. Several seeds of each tell more.`,
  ].join("\n");
}

/** What to search besides, where a run of a supernet has none of its task to stand beside. */
export function equalTimeHint(run: NamedRan, workers: number): string {
  const { seconds } = standingAt(doneAt(run, workers), 0);
  const each = mean(run.trials.filter(isScored).map((trial) => trial.seconds));
  const trials = Math.max(1, Math.round((seconds * workers) / each));
  return [
    `After equal time: no other run of this task is in ${dirname(run.dir)}. Search again with the same flags but`,
    `  --strategy random --trials ${trials}     (and with --strategy aging), which takes as long, then`,
    `  nas compare ${run.dir} OTHER-RUN...`,
  ].join("\n");
}
