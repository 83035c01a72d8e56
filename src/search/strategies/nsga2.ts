import { UserError } from "../../base/errors.js";
import type { Goal } from "../goal.js";
import { crowding, dominates, fronts, type Point } from "../pareto.js";
import { defineStrategy } from "../strategy.js";
import type { Told } from "../trial.js";

/** A parent with its standing in the generation. */
interface Parent {
  readonly trial: Told;
  /** Of its front, from 0. */
  readonly rank: number;
  readonly crowding: number;
}

interface Generation {
  readonly parents: readonly Parent[];
  /** Told since the parents were chosen. */
  readonly children: readonly Told[];
}

/** Draws before a network of this generation is asked again. */
const patience = 20;

interface Judged {
  readonly trial: Told;
  readonly violation: number;
  readonly point: Point;
}

/**
 * Deb's rules: within the limits beats over them; over both, the smaller violation;
 * within both, dominance.
 */
const beats = (a: Judged, b: Judged): boolean =>
  a.violation > 0 || b.violation > 0 ? a.violation < b.violation : dominates(a.point, b.point);

/** The best `population` of these: front by front, of the last one the least crowded. */
function survivors(trials: readonly Told[], goal: Goal, population: number): readonly Parent[] {
  const judged = trials.map(
    (trial): Judged => ({ trial, violation: goal.violation(trial), point: goal.objectives(trial) }),
  );
  const kept: Parent[] = [];
  for (const [rank, indices] of fronts(judged, beats).entries()) {
    const front = indices.map((i) => judged[i]!);
    const distances = crowding(front.map(({ point }) => point));
    const ranked = front
      .map(({ trial }, at): Parent => ({ trial, rank, crowding: distances[at]! }))
      .sort((a, b) => b.crowding - a.crowding || a.trial.number - b.trial.number);
    kept.push(...ranked.slice(0, population - kept.length));
    if (kept.length === population) break;
  }
  return kept;
}

/**
 * NSGA-II for categorical genomes: generations ranked by fronts and crowding,
 * limits kept by Deb's rules.
 *
 * state    the parents with rank and crowding, and the children told so far; with as many
 *          children as parents, the best of both are the next parents
 * ask      random until the first generation is full; then two winners of binary
 *          tournaments, crossed decision by decision with probability `cross`, and one
 *          decision of the child made differently
 * defaults cross 0.9 as the paper; population √(2 · trials), up to the paper's 100: at 50 to
 *          500 queries it covered more of NAS-Bench-201 than larger ones. The paper's
 *          mutation of each variable with probability 1/n is one decision here; its
 *          simulated binary crossover is for real numbers
 * paper    Deb et al. 2002, A fast and elitist multiobjective genetic algorithm: NSGA-II
 */
export const nsga2 = defineStrategy({
  summary: "NSGA-II: a population spread along the Pareto front, limits by Deb's rules",
  isPareto: true,
  redraws: true,
  defaults: (trials) => ({
    population: Math.min(100, Math.max(4, Math.round(Math.sqrt(2 * trials)))),
    cross: 0.9,
  }),
  check({ population, cross }) {
    if (!Number.isInteger(population) || population < 2)
      throw new UserError(`nsga2: population is ${population}`, "It must be a whole number from 2 up.");
    if (!(cross >= 0 && cross <= 1))
      throw new UserError(`nsga2: cross is ${cross}`, "It must be from 0 to 1.");
  },
  randomDraws: ({ population }) => population,
  init: (): Generation => ({ parents: [], children: [] }),
  ask({ parents, children }, { moves, rng, pending }, { cross }) {
    const known = new Set([
      ...parents.map(({ trial }) => trial.genome),
      ...children.map(({ genome }) => genome),
      ...pending.map(({ genome }) => genome),
    ]);
    const winner = (): string => {
      const [a, b] = [rng.pick(parents), rng.pick(parents)];
      const first = a.rank === b.rank ? a.crowding > b.crowding : a.rank < b.rank;
      return (first ? a : b).trial.genome;
    };
    const child = (): string => {
      if (parents.length === 0) return moves.sample(rng);
      const [a, b] = [winner(), winner()];
      return moves.mutate(rng.float() < cross ? moves.crossover(a, b, rng) : a, rng);
    };
    let genome = child();
    for (let i = 0; i < patience && known.has(genome); i++) genome = child();
    return genome;
  },
  tell({ parents, children }, trial, goal, { population }) {
    const told = [...children, trial];
    if (told.length < population) return { parents, children: told };
    const all = [...parents.map((parent) => parent.trial), ...told];
    return { parents: survivors(all, goal, population), children: [] };
  },
});
