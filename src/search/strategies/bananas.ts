import { UserError } from "../../base/errors.js";
import { encodingOf } from "../encoding.js";
import { best, fitted, fresh, isDue, nothingTold, open, propose, remember, streamOf } from "../guided.js";
import { mlpEnsemble } from "../predictors/mlpEnsemble.js";
import { hasSeen } from "../seen.js";
import { defineStrategy } from "../strategy.js";

/** Decisions of a parent made differently, at most; more where that network was told already. */
const steps = 3;
/** Mutations more before that network is given up. */
const patience = 10;

interface BananasOptions {
  readonly [name: string]: number | string;
  readonly initial: number;
  readonly batch: number;
  readonly candidates: number;
  readonly parents: number;
  readonly encoding: string;
}

/**
 * BANANAS: an ensemble says how accurate networks might be; one is asked by a sample of
 * what it says of each candidate.
 *
 * state    all that was told; the candidates, each with mean and deviation of the ensemble
 * ask      random until `initial` are told; then of each candidate a draw from the normal
 *          distribution of its mean and deviation, and the one with the best draw
 *          (independent Thompson sampling)
 * tell     after each `batch` the ensemble is fitted anew; the candidates are then mutants of the
 *          best `parents`, one to three decisions away, and as many fresh draws
 * defaults initial 20 where the paper has 10, candidates 200 where it has 100 mutants of
 *          one decision and no fresh draws; batch 10 as the paper
 * paper    White et al. 2021, BANANAS, arXiv:1910.11858, Algorithm 1
 */
export const bananas = defineStrategy({
  summary: "an ensemble of small networks predicts accuracy; Thompson samples of it choose among mutants",
  redraws: true,
  needsAccuracy: true,
  defaults: (): BananasOptions => ({
    initial: 20,
    batch: 10,
    candidates: 200,
    parents: 10,
    encoding: "one-hot",
  }),
  check({ encoding, ...counts }) {
    for (const [name, value] of Object.entries(counts))
      if (!Number.isInteger(value) || (value as number) < 1)
        throw new UserError(`bananas: ${name} is ${value}`, "It must be a whole number from 1 up.");
    encodingOf(encoding);
  },
  predictor: ({ encoding }) => ({ predictor: "mlp-ensemble", encoding }),
  randomDraws: ({ initial }) => initial,
  init: () => nothingTold,
  ask(state, context) {
    const { rng, pending } = context;
    const thought = open(state, pending).map(({ genome, mean, deviation }) => ({
      genome,
      sampled: mean + deviation * rng.normal(),
    }));
    if (thought.length === 0) return fresh(state, context);
    return thought.reduce((a, b) => (b.sampled > a.sampled ? b : a)).genome;
  },
  tell(before, trial, { moves }, options) {
    const state = remember(before, trial);
    if (!isDue(state, options)) return state;
    const rng = streamOf("bananas", state);
    const guess = fitted(state, mlpEnsemble, options.encoding, moves, rng);
    const parents = best(state).slice(0, options.parents);
    const found = new Set<string>();
    const isKnown = (genome: string) => found.has(genome) || hasSeen(state.seen, genome);
    const mutant = (): string => {
      let genome = rng.pick(parents);
      for (let left = 1 + rng.below(steps); left > 0; left--) genome = moves.mutate(genome, rng);
      for (let i = 0; i < patience && isKnown(genome); i++) genome = moves.mutate(genome, rng);
      return genome;
    };
    for (let i = 0; i < options.candidates; i++) {
      const genome = i % 2 === 0 ? mutant() : moves.sample(rng);
      if (!isKnown(genome)) found.add(genome);
    }
    return propose(state, [...found].map(guess));
  },
});
