import { availableParallelism } from "node:os";
import { exitCodes } from "../base/errors.js";
import { find } from "../base/lookup.js";
import { openTarget } from "../latency/openTarget.js";
import { coverageLine } from "../report/coverage.js";
import { equalTimeHint, equalTimeText } from "../report/equalTime.js";
import { ratedKnee, ratedSummary, showScreening } from "../report/rated.js";
import { count, progressLine, runSummary, trialLine } from "../report/search.js";
import { answerLine, describeSupernet, secondsOf, supernetSummary } from "../report/supernet.js";
import { baselineOf, ratedBaseline } from "../search/baseline.js";
import { coverage } from "../search/coverage.js";
import { frontOf, ratedFront } from "../search/goal.js";
import { heldOut } from "../search/heldOut.js";
import { highestRated, winner } from "../search/objective.js";
import { betterOf } from "../search/scalar.js";
import type { Screened } from "../search/screen.js";
import { type Screening, screeningOf } from "../search/screened.js";
import { aimOf } from "../search/settings.js";
import type { Answered } from "../search/supernet/run.js";
import { tradeOff } from "../search/tradeOff.js";
import type { Trial } from "../search/trial.js";
import * as spaces from "../space/spaces/index.js";
import type { OpenRun } from "../store/run.js";
import { type Dataset, type DatasetReference, referenceOf } from "../train/dataset.js";
import { besideOthers } from "./besideOthers.js";
import { drive } from "./drive.js";
import type { Io } from "./io.js";
import { printJson } from "./json.js";

/**
 * Drive a run, show its progress, and report how it ended; the run is closed in any case.
 *
 * @returns the exit code
 */
export async function runToEnd(
  run: OpenRun,
  dataset: Dataset,
  given: { readonly workers: number | undefined; readonly json: boolean; readonly io: Io },
): Promise<number> {
  const { io } = given;
  const { meaning, budget } = run.record.settings;
  let started = Date.now();
  const seen: Trial[] = [];
  const answers: Answered[] = [];
  const screened: Screened[] = [];
  let fresh = 0;
  if (dataset.synthetic) io.note(`Data: ${dataset.title}. It is synthetic: give --data for real images.`);
  try {
    const target = openTarget(meaning.target);
    const aim = aimOf(meaning);
    const isBetter = betterOf(aim);
    const covered = coverage(meaning.space, target);
    io.note(coverageLine(covered, meaning.target));
    const { trials, interrupted } = await drive(run, dataset, {
      workers: given.workers,
      io,
      onTrial(trial, isNew) {
        const all = [...seen, trial];
        const isBest = (winner(all, isBetter) ?? highestRated(all))?.number === trial.number;
        seen.push(trial);
        if (isNew) fresh++;
        if (isNew && (isBest || trial.status === "failed")) io.note(trialLine(trial));
        io.status(progressLine(seen, budget.trials, fresh, Date.now() - started, isBetter));
      },
      onScreened: (candidate) => screened.push(candidate),
      onAnswer(answered, isNew) {
        answers.push(answered);
        if (!isNew) return;
        started = Date.now();
        if (answered.answer.kind === "epoch") io.note(answerLine(answered));
        else io.status(answerLine(answered));
      },
    });
    io.status("");
    if (interrupted) {
      io.note(`Stopped; what is finished is kept. Continue with: nas resume ${run.dir}`);
      return exitCodes.interrupted;
    }
    const screening = screeningOf(screened, trials);
    const told = {
      run: run.record.name,
      dir: run.dir,
      target: meaning.target,
      space: meaning.space.name,
      maxLatencyMs: meaning.maxLatencyMs,
      ...aim,
      proxy: aim.proxy ?? null,
      strategy: meaning.strategy,
      schedule: meaning.schedule ?? null,
      warmUp: meaning.warmUp ?? null,
      filter: meaning.filter ?? null,
      screening: screening ?? null,
      seed: meaning.seed,
      data: referenceOf(dataset),
      fidelity: meaning.fidelity,
      coverage: covered,
      counts: count(trials, budget.trials),
    };
    if (aim.proxy !== undefined) return reportRated(run, trials, { ...given, told, screening });
    const best = winner(trials, isBetter);
    const found = tradeOff(trials, aim);
    const predicted = heldOut(meaning, trials);
    const baseline = baselineOf(meaning, trials, secondsOf(answers));
    const ran = { dir: run.dir, meaning, trials, answers, screened };
    const workers = given.workers ?? availableParallelism();
    const beside = await besideOthers(ran, workers);
    const next = best === undefined ? [] : nextCommands(run.dir, budget.trials);
    if (given.json)
      printJson(io, {
        ...told,
        winner: best ?? null,
        front: frontOf(trials, aim.objectives),
        hypervolume: found?.hypervolume ?? null,
        knee: found?.knee.number ?? null,
        baseline: baseline ?? null,
        predictor: predicted ?? null,
        supernet: describeSupernet(answers, trials, meaning.strategyOptions),
        equalTime: beside ?? null,
        next,
      });
    else {
      io.print(
        runSummary({
          meaning,
          trials,
          best,
          predicted,
          baseline,
          supernet: supernetSummary(answers, trials, Number(meaning.strategyOptions.trust ?? 0)),
          screening: showScreening(meaning, screening),
          equalTime:
            beside !== undefined
              ? equalTimeText(beside, io.width, run.dir)
              : answers.length > 0 && best !== undefined
                ? equalTimeHint(ran, workers)
                : undefined,
          target,
          data: referenceOf(dataset),
          next,
          style: io.style,
        }),
      );
    }
    if (best !== undefined) return exitCodes.ok;
    return trials.every((t) => t.status === "skipped") ? exitCodes.infeasible : exitCodes.runtime;
  } finally {
    await run.close();
  }
}

/** Report a run that trained nothing; the exit code. */
function reportRated(
  run: OpenRun,
  trials: readonly Trial[],
  given: {
    readonly told: { readonly data: DatasetReference; readonly target: string; readonly space: string };
    readonly screening: Screening | undefined;
    readonly json: boolean;
    readonly io: Io;
  },
): number {
  const { meaning, budget } = run.record.settings;
  const { told, screening, io } = given;
  const { objectives, proxy } = aimOf(meaning);
  const best = highestRated(trials);
  const front = ratedFront(trials, objectives);
  const baseline = ratedBaseline(meaning, trials);
  const next =
    best === undefined
      ? []
      : [
          ...nextCommands(run.dir, budget.trials),
          `nas search --target ${told.target} --space ${find(spaces, told.space) === undefined ? "FILE" : told.space} --warm-up ${proxy}`,
        ];
  if (given.json)
    printJson(io, {
      ...told,
      winner: best ?? null,
      front,
      hypervolume: null,
      knee: ratedKnee(front, meaning)?.number ?? null,
      baseline: baseline ?? null,
      predictor: null,
      supernet: null,
      equalTime: null,
      next,
    });
  else
    io.print(
      ratedSummary({ meaning, trials, best, baseline, screening, data: told.data, next, style: io.style }),
    );
  if (best !== undefined) return exitCodes.ok;
  return trials.every((t) => t.status === "skipped") ? exitCodes.infeasible : exitCodes.runtime;
}

const nextCommands = (dir: string, trials: number): readonly string[] => [
  `nas show ${dir}`,
  `nas export ${dir} --format onnx`,
  `nas resume ${dir} --trials ${trials * 2}`,
];
