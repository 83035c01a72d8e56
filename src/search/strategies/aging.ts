import { UserError } from "../../base/errors.js";
import { defineStrategy } from "../strategy.js";
import type { Told } from "../trial.js";

/**
 * Aging evolution: mutate the best of a few, let the oldest die.
 *
 * state    the youngest `population` scored trials, oldest first
 * ask      random until the population is full, then one mutation of the best of
 *          `tournament` drawn with replacement
 * defaults the paper's 100 and 25 from 300 trials on; a third of the trials and a quarter of that below
 * paper    Real et al. 2019, arXiv:1802.01548, Algorithm 1
 */
export const aging = defineStrategy({
  summary: "regularized evolution: mutate the best of a few, let the oldest die",
  redraws: true,
  defaults(trials) {
    const population = Math.min(100, Math.max(4, Math.floor(trials / 3)));
    return { population, tournament: Math.max(2, Math.floor(population / 4)) };
  },
  check({ population, tournament }) {
    for (const [name, value] of Object.entries({ population, tournament }))
      if (!Number.isInteger(value) || value < 1)
        throw new UserError(`aging: ${name} is ${value}`, "It must be a whole number from 1 up.");
  },
  randomDraws: ({ population }) => population,
  init: (): readonly Told[] => [],
  ask(alive, { moves, rng, better }, { population, tournament }) {
    if (alive.length < population) return moves.sample(rng);
    let parent = rng.pick(alive);
    for (let i = 1; i < tournament; i++) {
      const rival = rng.pick(alive);
      if (better(rival, parent)) parent = rival;
    }
    return moves.mutate(parent.genome, rng);
  },
  tell: (alive, trial, _, { population }) =>
    trial.status === "scored" ? [...alive, trial].slice(-population) : alive,
});
