import { type Rng, stream } from "../base/rng.js";
import { formatGenome, parseGenome } from "../space/candidate.js";
import { compose, decisionsOf } from "../space/compose.js";
import { crossover, mutate, neighbours, sample, sizeOfSpace } from "../space/moves.js";
import type { Genome, Space } from "../space/space.js";
import type { Moves } from "./strategy.js";
import type { Measure } from "./trial.js";

type MeasureOf = (genome: string) => Measure;

const starts = 4;

/**
 * The fastest genome that stepwise improvement finds: from a few draws, the
 * fastest neighbour again and again until none is faster.
 */
export function fastest(
  space: Space,
  measure: MeasureOf,
): { readonly genome: string; readonly latencyMs: number } {
  const msOf = (genome: Genome) => measure(formatGenome(space, genome)).latencyMs;
  const descend = (from: Genome): { genome: Genome; latencyMs: number } => {
    let best = { genome: from, latencyMs: msOf(from) };
    for (;;) {
      const around = neighbours(space, best.genome).map((genome) => ({ genome, latencyMs: msOf(genome) }));
      const next = around.reduce((a, b) => (b.latencyMs < a.latencyMs ? b : a), best);
      if (next === best) return best;
      best = next;
    }
  };
  const found = Array.from({ length: starts }, (_, i) => descend(sample(space, stream(0, "fastest", i))));
  const { genome, latencyMs } = found.reduce((a, b) => (b.latencyMs < a.latencyMs ? b : a));
  return { genome: formatGenome(space, genome), latencyMs };
}

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
 * Moves of a space under a latency limit, by rejection: a draw over the limit is
 * drawn again. Where `patience` draws in a row fail, a walk of mutations within
 * the limit, from the fastest genome, makes the next.
 *
 * Source of rejection under a limit: Cai et al. 2020, Once-for-All, arXiv:1908.09791.
 */
export function limitedMoves(space: Space, measure: MeasureOf, limitMs: number, fastestGenome: string): Draw {
  let rejected = 0;
  const fitsText = (genome: string): boolean => {
    const within = measure(genome).latencyMs <= limitMs;
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
