import type { Rng } from "../base/rng.js";
import { decisions, equalValues, geneAt, geneCount, remake } from "./gene.js";
import type { Gene, Genome, Space } from "./space.js";

/** Exactly how many different genomes a space has. */
export const sizeOfSpace = (space: Space): bigint =>
  space.stages.reduce((size, stage) => size * geneCount(stage), 1n);

/** The genome of a number from 0 to the space's size - 1; each genome has one number. */
export function genomeAt(space: Space, index: bigint): Genome {
  let rest = index;
  return space.stages.map((stage) => {
    const count = geneCount(stage);
    const gene = geneAt(stage, rest % count);
    rest /= count;
    return gene;
  });
}

/** A genome drawn uniformly: every one of the space is equally likely. */
export const sample = (space: Space, rng: Rng): Genome => genomeAt(space, rng.bigBelow(sizeOfSpace(space)));

const replaced = (genome: Genome, at: number, gene: Gene): Genome =>
  genome.map((g, i) => (i === at ? gene : g));

const open = (space: Space, genome: Genome) =>
  space.stages.flatMap((stage, at) => decisions(stage, genome[at]!).map((decision) => ({ at, decision })));

/** One active decision, drawn uniformly, made differently; a space of one genome gives it back. */
export function mutate(space: Space, genome: Genome, rng: Rng): Genome {
  const all = open(space, genome);
  if (all.length === 0) return genome;
  const { at, decision } = rng.pick(all);
  return replaced(genome, at, remake(decision, rng));
}

/** Uniform crossover: each stage whole from either parent. */
export const crossover = (a: Genome, b: Genome, rng: Rng): Genome =>
  a.map((gene, i) => (rng.float() < 0.5 ? gene : b[i]!));

/** Every genome one decision away; choices a decision makes active start at their first value. */
export const neighbours = (space: Space, genome: Genome): readonly Genome[] =>
  open(space, genome).flatMap(({ at, decision }) =>
    decision.values
      .filter((value) => !equalValues(value, decision.current))
      .map((value) =>
        replaced(
          genome,
          at,
          decision.with(value, (values) => values[0]!),
        ),
      ),
  );
