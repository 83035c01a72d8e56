import { lookup } from "../base/lookup.js";
import { stream } from "../base/rng.js";
import { parseGenome } from "../space/candidate.js";
import { decisionsOf } from "../space/compose.js";
import type { Space } from "../space/space.js";
import { encodingOf, type Reading } from "./encoding.js";
import { crossValidate, examplesOf, type Predictor, type Skill } from "./predictor.js";
import * as predictors from "./predictors/index.js";
import type { Meaning } from "./settings.js";
import * as strategies from "./strategies/index.js";
import type { Strategy } from "./strategy.js";
import type { Trial } from "./trial.js";

/** How well the predictor of a run's strategy foretells the run's own trials. */
export interface HeldOut {
  readonly predictor: string;
  readonly encoding: string;
  readonly folds: number;
  /** Null with fewer than `fewest` networks to hold out. */
  readonly skill: Skill | null;
}

const folds = 5;
/** Networks to hold out, at least. */
export const fewest = 10;

/** How an encoding reads the genomes of a space. */
export const readingOf = (space: Space): Reading => ({
  decisions: (genome) => decisionsOf(space, parseGenome(space, genome)),
});

/**
 * Fit the predictor of a run's strategy on four fifths of the networks trained and guess the
 * rest, for each fifth; undefined where the strategy predicts nothing. With a schedule the
 * networks are those of the first training's length.
 *
 * The trials were chosen by the strategy, so this is not its skill on networks drawn uniformly.
 */
export function heldOut(meaning: Meaning, trials: readonly Trial[]): HeldOut | undefined {
  const { space, strategyOptions, seed } = meaning;
  const strategy = lookup(
    strategies as Readonly<Record<string, unknown>>,
    meaning.strategy,
    "strategy",
  ) as Strategy;
  const by = strategy.predictor?.(strategyOptions);
  if (by === undefined) return undefined;
  const alike = trials.filter(
    ({ duplicateOf, askedEpochs }) => duplicateOf === null && askedEpochs === trials[0]!.askedEpochs,
  );
  const examples = examplesOf(alike, readingOf(space), encodingOf(by.encoding));
  const predictor = lookup<Predictor>(predictors, by.predictor, "predictor");
  const skill =
    examples.length < fewest ? null : crossValidate(predictor, examples, folds, stream(seed, "held out"));
  return { ...by, folds, skill };
}
