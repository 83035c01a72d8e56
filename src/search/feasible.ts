import { type Rng, stream } from "../base/rng.js";
import { formatGenome, parseGenome } from "../space/candidate.js";
import { compose, decisionsOf } from "../space/compose.js";
import { crossover, mutate, neighbours, sample, sizeOfSpace } from "../space/moves.js";
import type { Genome, Space } from "../space/space.js";
import { excess, type Limits } from "./goal.js";
import type { Moves } from "./strategy.js";
import type { Measure } from "./trial.js";

type MeasureOf = (genome: string) => Measure;

const starts = 4;

/**
 * The fastest genome within limits that stepwise improvement finds: from a few
 * draws, the neighbour least over the limits, then the fastest, again and again until
 * none is better. It is over the limits where none within them was found.
 *
 * @param limits  those of latency aside: faster is always better
 */
export function fastest(
  space: Space,
  measure: MeasureOf,
  limits: Limits = {},
): { readonly genome: string; readonly latencyMs: number } {
  const look = (genome: Genome) => {
    const measured = measure(formatGenome(space, genome));
    return { genome, over: excess(measured, limits), latencyMs: measured.latencyMs };
  };
  type Seen = ReturnType<typeof look>;
  const best = (a: Seen, b: Seen) => ((b.over - a.over || b.latencyMs - a.latencyMs) < 0 ? b : a);
  const descend = (from: Genome): Seen => {
    let at = look(from);
    for (;;) {
      const next = neighbours(space, at.genome).map(look).reduce(best, at);
      if (next === at) return at;
      at = next;
    }
  };
  const found = Array.from({ length: starts }, (_, i) => descend(sample(space, stream(0, "fastest", i))));
  const { genome, latencyMs } = found.reduce(best);
  return { genome: formatGenome(space, genome), latencyMs };
}

/** The largest of a thing among networks drawn uniformly from a space. */
export const largestOf = (space: Space, of: (genome: string) => number): number =>
  Math.max(
    ...Array.from({ length: 201 }, (_, i) => of(formatGenome(space, sample(space, stream(0, "largest", i))))),
  );

/** The median latency of networks drawn uniformly from a space: a limit that half of it meets. */
export function medianLatencyMs(space: Space, measure: MeasureOf): number {
  const drawn = Array.from(
    { length: 201 },
    (_, i) => measure(formatGenome(space, sample(space, stream(0, "median", i)))).latencyMs,
  );
  return drawn.sort((a, b) => a - b)[100]!;
}

/** Draws of one kind before the next resort is tried. */
const patience = 200;

/** Moves that stay within the limit, and how many draws they rejected. */
export interface Draw {
  readonly moves: Moves;
  rejected(): number;
}

/**
 * Moves of a space under limits, by rejection: a draw over a limit is drawn again.
 * Where `patience` draws in a row fail, a walk of mutations within the limits, from
 * the fastest genome within them, makes the next.
 *
 * Source of rejection under a limit: Cai et al. 2020, Once-for-All, arXiv:1908.09791.
 */
export function limitedMoves(space: Space, measure: MeasureOf, limits: Limits, fastestGenome: string): Draw {
  let rejected = 0;
  const fitsText = (genome: string): boolean => {
    const within = excess(measure(genome), limits) === 0;
    if (!within) rejected++;
    return within;
  };
  const fits = (genome: Genome): boolean => fitsText(formatGenome(space, genome));
  const firstFit = (draw: () => Genome): Genome | undefined => {
    for (let i = 0; i < patience; i++) {
      const genome = draw();
      if (fits(genome)) return genome;
    }
    return undefined;
  };
  const walk = (rng: Rng): Genome => {
    let at = parseGenome(space, fastestGenome);
    for (let i = 0; i < patience; i++) {
      const next = mutate(space, at, rng);
      if (fits(next)) at = next;
    }
    return at;
  };
  const parse = (genome: string) => parseGenome(space, genome);
  const drawn = (draw: () => Genome, rng: Rng) => formatGenome(space, firstFit(draw) ?? walk(rng));
  return {
    moves: {
      size: sizeOfSpace(space),
      sample: (rng) => drawn(() => sample(space, rng), rng),
      mutate: (genome, rng) => drawn(() => mutate(space, parse(genome), rng), rng),
      crossover: (a, b, rng) => drawn(() => crossover(parse(a), parse(b), rng), rng),
      neighbours: (genome) => neighbours(space, parse(genome)).map((n) => formatGenome(space, n)),
      compose: (choose) => formatGenome(space, compose(space, choose)),
      decisions: (genome) => decisionsOf(space, parse(genome)),
      fits: fitsText,
    },
    rejected: () => rejected,
  };
}
