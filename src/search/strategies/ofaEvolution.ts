import { UserError } from "../../base/errors.js";
import { lookup } from "../../base/lookup.js";
import { encodingOf } from "../encoding.js";
import { evolve } from "../evolution.js";
import { fitted, fresh, isDue, nothingTold, open, propose, remember, streamOf } from "../guided.js";
import type { Predictor } from "../predictor.js";
import * as predictors from "../predictors/index.js";
import { hasSeen } from "../seen.js";
import { defineStrategy } from "../strategy.js";

interface OfaOptions {
  readonly [name: string]: number | string;
  readonly initial: number;
  readonly batch: number;
  readonly population: number;
  readonly generations: number;
  readonly predictor: string;
  readonly encoding: string;
}

/**
 * Once-for-All's search, without its supernet: evolution under the limits over a
 * predictor of accuracy, whose best guesses are trained and teach it in turn.
 *
 * state    all that was told, and what the last evolution found best
 * ask      random until `initial` are told; then the best guess not asked yet
 * tell     after each `batch` the predictor is fitted anew, and `generations` of
 *          `population` evolve by what it says
 * defaults population 100, as the paper; 30 generations where the paper has 500, as each
 *          batch has an evolution of its own; `initial` a quarter of the trials, from 8 to 100,
 *          where the paper's predictor learns from 16,000 networks that share weights
 * paper    Cai et al. 2020, Once-for-All, arXiv:1908.09791
 */
export const ofaEvolution = defineStrategy({
  summary: "evolution under the limits over a predictor of accuracy, whose best guesses are trained",
  needsAccuracy: true,
  defaults: (trials): OfaOptions => ({
    initial: Math.min(100, Math.max(8, Math.round(trials / 4))),
    batch: 10,
    population: 100,
    generations: 30,
    predictor: "mlp-ensemble",
    encoding: "one-hot",
  }),
  check({ predictor, encoding, ...counts }) {
    for (const [name, value] of Object.entries(counts))
      if (!Number.isInteger(value) || (value as number) < 1)
        throw new UserError(`ofa-evolution: ${name} is ${value}`, "It must be a whole number from 1 up.");
    lookup(predictors, predictor, "predictor");
    encodingOf(encoding);
  },
  predictor: ({ predictor, encoding }) => ({ predictor, encoding }),
  randomDraws: ({ initial }) => initial,
  init: () => nothingTold,
  ask: (state, context) => open(state, context.pending)[0]?.genome ?? fresh(state, context),
  tell(before, trial, { moves }, options) {
    const state = remember(before, trial);
    if (!isDue(state, options)) return state;
    const rng = streamOf("ofa-evolution", state);
    const predictor = lookup<Predictor>(predictors, options.predictor, "predictor");
    const guess = fitted(state, predictor, options.encoding, moves, rng);
    const found = evolve(moves, (genome) => guess(genome).mean, options, rng);
    const best = found.filter(({ genome }) => !hasSeen(state.seen, genome)).slice(0, 2 * options.batch);
    return propose(
      state,
      best.map(({ genome }) => guess(genome)),
    );
  },
});
