import { exitCodes, UserError } from "../base/errors.js";
import { stream } from "../base/rng.js";
import { sizeOfSpace } from "../space/moves.js";
import type { Space } from "../space/space.js";
import type { Fidelity } from "../train/fit.js";
import { fastest, limitedMoves } from "./feasible.js";
import type { Limits } from "./goal.js";
import type { Measure } from "./trial.js";

/** How a run measures what short training says of long training, which is its fidelity. */
export interface Ranking {
  readonly networks: number;
  /** How often each network is trained both ways, each time with other initial weights and orders. */
  readonly repeats: number;
  readonly short: Fidelity;
}

/** One training of such a run. */
export interface Training {
  /** Of its trial: all short ones of a repeat, then all long ones. */
  readonly number: number;
  readonly genome: string;
  readonly repeat: number;
  readonly isLong: boolean;
}

/** All trainings of a run in the order of their numbers. */
export const trainingsOf = ({ repeats }: Ranking, genomes: readonly string[]): readonly Training[] =>
  Array.from({ length: repeats }, (_, repeat) =>
    [false, true].flatMap((isLong) => genomes.map((genome) => ({ genome, repeat, isLong }))),
  )
    .flat()
    .map((training, number) => ({ number, ...training }));

/** Draws in a row without a new network, before it is said that there are no more. */
const patience = 1000;

/**
 * Different networks drawn evenly from a space, or from its part within limits.
 *
 * @throws UserError  (exit code 3) when no network within the limits, or not so many different ones, are found
 */
export function drawn(
  space: Space,
  measure: (genome: string) => Measure,
  limits: Limits,
  { networks, seed }: { readonly networks: number; readonly seed: number },
): readonly string[] {
  const { moves } = limitedMoves(space, measure, limits, fastest(space, measure, limits).genome);
  const found = new Set<string>();
  for (let n = 0, last = 0; found.size < networks && n - last < patience; n++) {
    const genome = moves.sample(stream(seed, "network", n));
    if (found.has(genome)) continue;
    found.add(genome);
    last = n;
  }
  if (found.size < networks)
    throw new UserError(
      `space ${space.name} gave ${found.size} different networks within the limits, not ${networks}`,
      `Within limits or not it has ${sizeOfSpace(space)}: ask for fewer with --networks, or widen the limits.`,
      exitCodes.infeasible,
    );
  return [...found];
}
