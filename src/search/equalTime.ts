import { UserError } from "../base/errors.js";
import { isScored, type Scored, winner } from "./objective.js";
import type { Screened } from "./screen.js";
import { aimOf, differences, type Meaning } from "./settings.js";
import type { Answered } from "./supernet/run.js";
import type { Trial } from "./trial.js";

/** What a ledger says of the time a run took. */
export interface Ran {
  readonly meaning: Meaning;
  readonly trials: readonly Trial[];
  /** Of its supernet; none where it has none. */
  readonly answers: readonly Answered[];
  /** Candidates that proxies looked at; none without it. */
  readonly screened?: readonly Screened[];
}

/** A trial, and how many seconds after the start it was done. */
export interface Done {
  readonly trial: Trial;
  readonly seconds: number;
}

/**
 * When each trial of a run was done, had `workers` taken its questions in the order asked: first
 * the supernet's epochs one after another, then the networks scored with its weights or for a warm-up, then the
 * trials, each with what a filter scored for it.
 *
 * Seconds are those of training and scoring, as the ledger has them: a run that was stopped and
 * resumed is not charged for the time between, nor for what a kill lost, and nothing for a trial
 * that failed or shares another's answer.
 */
export function doneAt(
  { trials, answers, screened = [] }: Omit<Ran, "meaning">,
  workers: number,
): readonly Done[] {
  const total = (kind: string) =>
    answers.filter(({ answer }) => answer.kind === kind).map(({ answer }) => answer.seconds);
  const epochs = total("epoch").reduce((sum, seconds) => sum + seconds, 0);
  const drawn = screened.filter(({ trial }) => trial === null).map(({ seconds }) => seconds);
  const filtered = new Map<number | null, number>();
  for (const { trial, seconds } of screened) filtered.set(trial, (filtered.get(trial) ?? 0) + seconds);
  const scored = ends([...total("score"), ...drawn], workers, epochs);
  const ready = Math.max(epochs, ...scored);
  const seconds = ends(
    trials.map(
      ({ number, duplicateOf, seconds }) =>
        (duplicateOf === null ? seconds : 0) + (filtered.get(number) ?? 0),
    ),
    workers,
    ready,
  );
  return trials.map((trial, i) => ({ trial, seconds: seconds[i]! }));
}

/** When tasks end that so many workers take in turn, from `start` on. */
function ends(tasks: readonly number[], workers: number, start: number): readonly number[] {
  const free = Array<number>(workers).fill(start);
  return tasks.map((seconds) => {
    const next = free.indexOf(Math.min(...free));
    free[next]! += seconds;
    return free[next]!;
  });
}

/** How far a run was after some time. */
export interface Standing {
  /** Whole time of the run. */
  readonly seconds: number;
  /** Networks trained by then. */
  readonly trained: number;
  readonly best: Scored | undefined;
  /** In the whole run. */
  readonly bestOfAll: Scored | undefined;
}

export function standingAt(done: readonly Done[], seconds: number): Standing {
  const all = done.map(({ trial }) => trial);
  const then = done.filter((d) => d.seconds <= seconds).map(({ trial }) => trial);
  return {
    seconds: Math.max(0, ...done.map((d) => d.seconds)),
    trained: then.filter((trial) => isScored(trial) && trial.duplicateOf === null).length,
    best: winner(then),
    bestOfAll: winner(all),
  };
}

/** Where the tasks of two runs differ, as far as it decides what their accuracies after equal time say; none where they compare. */
export function taskDifferences(a: Meaning, b: Meaning): readonly string[] {
  const { target, targetModel, space, maxLatencyMs, fidelity, engine, data, ranking } = b;
  const aim = { ...aimOf(a), limits: aimOf(b).limits };
  return differences(
    { ...a, aim: aimOf(a) },
    { target, targetModel, space, maxLatencyMs, aim, fidelity, engine, data, ranking },
  );
}

/** @throws UserError  naming every difference, when two runs are not of one task */
export function checkSameTask(names: readonly [string, string], a: Meaning, b: Meaning): void {
  const found = taskDifferences(a, b);
  if (found.length > 0)
    throw new UserError(
      `runs ${names[0]} and ${names[1]} are of different tasks: ${found.join("; ")}`,
      "Runs compare that have the same target, space, limits, data, fidelity and engine.",
    );
}
