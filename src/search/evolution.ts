import type { Rng } from "../base/rng.js";
import type { Moves } from "./strategy.js";

/** How a population is bred. */
export interface Breeding {
  readonly population: number;
  readonly generations: number;
}

/** Share of a population that has children. */
const parentShare = 0.25;

/** A network and how fit it was found. */
export interface Bred {
  readonly genome: string;
  readonly fitness: number;
}

/**
 * Elitist evolution under limits: of each generation the fittest quarter stay and
 * have children, one half by mutation, the other by uniform crossover, all within
 * the limits, as `moves` draws again what is over them.
 *
 * @param fitness  to be made large; asked once a genome
 * @returns        all genomes that were looked at, the fittest first
 * paper           Cai et al. 2020, Once-for-All, arXiv:1908.09791, appendix; a mutation there makes each block
 *                 anew with probability 0.1, here one decision
 */
export function evolve(
  moves: Moves,
  fitness: (genome: string) => number,
  { population, generations }: Breeding,
  rng: Rng,
): readonly Bred[] {
  const known = new Map<string, Bred>();
  const look = (genome: string): Bred => {
    const found = known.get(genome) ?? { genome, fitness: fitness(genome) };
    known.set(genome, found);
    return found;
  };
  const fittestFirst = (a: Bred, b: Bred): number => b.fitness - a.fitness || (a.genome < b.genome ? -1 : 1);
  const parentCount = Math.max(1, Math.round(population * parentShare));
  let alive = Array.from({ length: population }, () => look(moves.sample(rng)));
  for (let generation = 1; generation < generations; generation++) {
    const parents = [...new Set(alive)].sort(fittestFirst).slice(0, parentCount);
    const children = Array.from({ length: population - parents.length }, (_, i) => {
      const { genome } = rng.pick(parents);
      return look(
        i % 2 === 0 ? moves.mutate(genome, rng) : moves.crossover(genome, rng.pick(parents).genome, rng),
      );
    });
    alive = [...parents, ...children];
  }
  return [...known.values()].sort(fittestFirst);
}
