import { kendall, spearman } from "../base/rank.js";
import type { Rng } from "../base/rng.js";
import { mean } from "../base/stats.js";
import type { Encoding, Features, Reading } from "./encoding.js";
import { isScored } from "./objective.js";
import type { Told } from "./trial.js";

/** A network whose accuracy is known, 0..1. */
export interface Example {
  readonly features: Features;
  readonly accuracy: number;
}

/** A network's accuracy by its features, 0..1 or a little outside: one guess of each member, 1 or more. */
export type Predict = (features: Features) => readonly number[];

/**
 * A regressor of accuracy.
 *
 * @property fit  of one example or more; the same examples and stream give the same guesses
 */
export interface Predictor {
  readonly summary: string;
  fit(examples: readonly Example[], rng: Rng): Predict;
}

export const definePredictor = (predictor: Predictor): Predictor => predictor;

/** The trials that have an accuracy, as examples. */
export const examplesOf = (trials: readonly Told[], moves: Reading, encoding: Encoding): readonly Example[] =>
  trials.filter(isScored).map(({ genome, accuracy }) => ({ features: encoding(moves, genome), accuracy }));

/** How well accuracies of networks that were held out are predicted. */
export interface Skill {
  /** Networks, each held out once. */
  readonly held: number;
  /** Rank correlations of guess and accuracy, -1..1; NaN where either is all equal. */
  readonly spearman: number;
  readonly kendall: number;
  /** Root of the mean squared error, of accuracy 0..1. */
  readonly error: number;
}

/**
 * Fit on all folds but one, guess that one, for each fold; correlate over all.
 *
 * @param folds  2 or more; as many as examples to leave out one at a time
 * @throws RangeError  with fewer examples than folds
 */
export function crossValidate(
  predictor: Predictor,
  examples: readonly Example[],
  folds: number,
  rng: Rng,
): Skill {
  if (folds < 2 || examples.length < folds)
    throw new RangeError(`${examples.length} examples do not make ${folds} folds`);
  const order = rng.shuffle(examples);
  const guesses = Array.from({ length: folds }, (_, fold) => {
    const predict = predictor.fit(
      order.filter((_, i) => i % folds !== fold),
      rng,
    );
    return order
      .filter((_, i) => i % folds === fold)
      .map(({ features, accuracy }) => ({ guess: mean(predict(features)), accuracy }));
  }).flat();
  const guessed = guesses.map(({ guess }) => guess);
  const actual = guesses.map(({ accuracy }) => accuracy);
  const squares = guesses.reduce((sum, { guess, accuracy }) => sum + (guess - accuracy) ** 2, 0);
  return {
    held: guesses.length,
    spearman: spearman(guessed, actual),
    kendall: kendall(guessed, actual),
    error: Math.sqrt(squares / guesses.length),
  };
}
