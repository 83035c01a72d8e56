import type { Screened } from "./screen.js";
import type { Trial } from "./trial.js";

/** What screening by proxies came to in a run. */
export interface Screening {
  /** Networks scored to begin with. */
  readonly drawn: number;
  /** Candidates for questions that were scored. */
  readonly looked: number;
  /** Of those, the ones that did not become the question they were candidates for. */
  readonly redrawn: number;
  /** Spent scoring, over all threads. */
  readonly seconds: number;
}

/** Undefined where no proxy stands before the questions. */
export function screeningOf(screened: readonly Screened[], trials: readonly Trial[]): Screening | undefined {
  if (screened.length === 0) return undefined;
  const asked = new Map(trials.map(({ number, genome }) => [number, genome]));
  const looked = screened.filter(({ trial }) => trial !== null);
  return {
    drawn: screened.length - looked.length,
    looked: looked.length,
    redrawn: looked.filter(({ trial, genome }) => asked.has(trial!) && asked.get(trial!) !== genome).length,
    seconds: screened.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
