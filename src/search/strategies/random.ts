import { defineStrategy } from "../strategy.js";

/**
 * Random search: every question a fresh draw from the space. The baseline that
 * keeps the others honest.
 *
 * paper  Li & Talwalkar 2019, arXiv:1902.07638
 */
export const random = defineStrategy({
  summary: "every candidate a fresh draw: the baseline",
  isPareto: true,
  redraws: true,
  defaults: () => ({}),
  check: () => {},
  init: () => null,
  ask: (_, { moves, rng }) => moves.sample(rng),
  tell: () => null,
});
