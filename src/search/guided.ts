import { type Rng, stream } from "../base/rng.js";
import { deviation, mean } from "../base/stats.js";
import { encodingOf } from "./encoding.js";
import { goodness } from "./goodness.js";
import type { Predictor } from "./predictor.js";
import { hasSeen, nothingSeen, type Seen, see } from "./seen.js";
import type { Asked, Context, Moves } from "./strategy.js";
import type { Told } from "./trial.js";

/** A network not told before, and what a predictor's members think of it, as goodness. */
export interface Proposal {
  readonly genome: string;
  readonly mean: number;
  /** Of the members' guesses. */
  readonly deviation: number;
}

/** What a strategy guided by a predictor remembers. */
export interface Guided {
  /** All that were told, in order. */
  readonly genomes: readonly string[];
  /** Of each of them; null where it has none. */
  readonly accuracies: readonly (number | null)[];
  readonly seen: Seen;
  /** How many of them the proposals rest on. */
  readonly basis: number;
  /** Those not told since they were made. */
  readonly proposals: readonly Proposal[];
}

export const nothingTold: Guided = {
  genomes: [],
  accuracies: [],
  seen: nothingSeen,
  basis: 0,
  proposals: [],
};

export const remember = (state: Guided, { genome, accuracy }: Told): Guided => ({
  ...state,
  genomes: [...state.genomes, genome],
  accuracies: [...state.accuracies, accuracy],
  seen: see(state.seen, genome),
  proposals: state.proposals.filter((proposal) => proposal.genome !== genome),
});

/** Answers that are met by a fit each batch. */
const often = 200;

/** Answers between a fit and the next: a batch, later half as many again, so that 10,000 answers take 30 fits. */
const interval = (basis: number, batch: number): number =>
  basis < often ? batch : Math.max(batch, Math.ceil(basis / 2));

/** Whether the predictor should be fitted, first after `initial` answers; never without an accuracy. */
export function isDue(
  { genomes, accuracies, basis }: Guided,
  { initial, batch }: { readonly initial: number; readonly batch: number },
): boolean {
  const wanted = basis === 0 ? initial : basis + interval(basis, batch);
  return genomes.length >= wanted && accuracies.some((accuracy) => accuracy !== null);
}

/** The genomes told, the most accurate first; those without accuracy are left out. */
export const best = ({ genomes, accuracies }: Guided): readonly string[] =>
  [...genomes.keys()]
    .filter((i) => accuracies[i] !== null)
    .sort((a, b) => accuracies[b]! - accuracies[a]!)
    .map((i) => genomes[i]!);

/** The stream of what was told: the same answers, the same stream. */
export const streamOf = (name: string, { genomes }: Guided): Rng => stream(0, name, ...genomes);

/**
 * A predictor fitted on all that was told.
 *
 * @throws UserError  for an encoding that is not known, or that this space does not have
 */
export function fitted(
  { genomes, accuracies }: Guided,
  predictor: Predictor,
  encodingName: string,
  moves: Moves,
  rng: Rng,
): (genome: string) => Proposal {
  const encoding = encodingOf(encodingName);
  const examples = genomes.flatMap((genome, i) => {
    const accuracy = accuracies[i]!;
    return accuracy === null ? [] : [{ features: encoding(moves, genome), accuracy }];
  });
  const predict = predictor.fit(examples, rng);
  return (genome) => {
    const guesses = predict(encoding(moves, genome)).map(goodness);
    return { genome, mean: mean(guesses), deviation: deviation(guesses) };
  };
}

/** The state with new proposals, which rest on all that was told. */
export const propose = (state: Guided, proposals: readonly Proposal[]): Guided => ({
  ...state,
  basis: state.genomes.length,
  proposals,
});

/** The proposals not asked yet. */
export const open = ({ proposals }: Guided, pending: readonly Asked[]): readonly Proposal[] =>
  proposals.filter(({ genome }) => !isPending(pending, genome));

/** Draws before a network that was asked already is asked again. */
const patience = 100;

/** A network not asked before, where one is found. */
export function fresh({ seen }: Guided, { moves, rng, pending }: Context): string {
  const isAsked = (genome: string) => hasSeen(seen, genome) || isPending(pending, genome);
  let genome = moves.sample(rng);
  for (let i = 0; i < patience && isAsked(genome); i++) genome = moves.sample(rng);
  return genome;
}

const isPending = (pending: readonly Asked[], genome: string): boolean =>
  pending.some((asked) => asked.genome === genome);
