import type { Rng } from "../base/rng.js";
import type { Moves } from "./strategy.js";

/** A genome as the index of each decision's value. */
export type Indices = readonly number[];

/** A space of independent categorical decisions. */
export interface Categorical {
  readonly decisions: readonly { readonly name: string; readonly values: number }[];
  format(indices: Indices): string;
  /** The inverse of `format`. */
  parse(genome: string): Indices;
}

/** Another value for one decision. */
export function changed(space: Categorical, indices: Indices, at: number, rng: Rng): Indices {
  const step = 1 + rng.below(space.decisions[at]!.values - 1);
  return indices.map((v, i) => (i === at ? (v + step) % space.decisions[at]!.values : v));
}

/**
 * Moves of a categorical space without limits: a uniform draw, one decision drawn
 * uniformly and made differently, uniform crossover.
 *
 * @param decisionToMutate  draws the decision to change instead
 */
export function categoricalMoves(
  space: Categorical,
  decisionToMutate: (rng: Rng) => number = (rng) => rng.below(space.decisions.length),
): Moves {
  const { decisions, format, parse } = space;
  return {
    size: decisions.reduce((size, { values }) => size * BigInt(values), 1n),
    sample: (rng) => format(decisions.map(({ values }) => rng.below(values))),
    mutate: (genome, rng) => format(changed(space, parse(genome), decisionToMutate(rng), rng)),
    crossover(a, b, rng) {
      const other = parse(b);
      return format(parse(a).map((v, i) => (rng.float() < 0.5 ? v : other[i]!)));
    },
    neighbours(genome) {
      const indices = parse(genome);
      return decisions.flatMap(({ values }, at) =>
        Array.from({ length: values }, (_, value) => value)
          .filter((value) => value !== indices[at])
          .map((value) => format(indices.map((v, i) => (i === at ? value : v)))),
      );
    },
    compose: (choose) => format(decisions.map(({ name, values }) => choose(name, values))),
    decisions: (genome) => parse(genome).map((index, i) => ({ ...decisions[i]!, index })),
    fits: () => true,
  };
}

/** Every genome, the last decision counting fastest. */
export function* everyGenome({ decisions, format }: Categorical): Generator<string> {
  const size = decisions.reduce((product, { values }) => product * values, 1);
  for (let number = 0; number < size; number++) {
    let rest = number;
    const indices = decisions.map(() => 0);
    for (let at = decisions.length - 1; at >= 0; at--) {
      const { values } = decisions[at]!;
      indices[at] = rest % values;
      rest = Math.floor(rest / values);
    }
    yield format(indices);
  }
}
