import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/lookup.js";
import type { Moves } from "./strategy.js";

/** What is true of a network, each fact by a name of its own: `edge01=3`. */
export type Features = readonly string[];

/** What of a space's moves reads a genome. */
export type Reading = Pick<Moves, "decisions" | "paths">;

/** Features of a genome in the space of these moves. */
export type Encoding = (moves: Reading, genome: string) => Features;

/** Every decision with its value; one that is not active is left out. */
const oneHot: Encoding = (moves, genome) =>
  moves.decisions(genome).map(({ name, index }) => `${name}=${index}`);

const pathsOf =
  (longest: number): Encoding =>
  (moves, genome) => {
    if (moves.paths === undefined)
      throw new UserError("this space has no path encoding", "Take encoding=one-hot.");
    return moves
      .paths(genome)
      .filter((path) => path.length <= longest)
      .map((path) => path.join(">"));
  };

/**
 * Ways to see a genome: `one-hot`, its decisions; `path`, the operators along each way
 * from input to output; `truncated-path`, only ways of one or two operators.
 *
 * Source of paths: White et al. 2021, BANANAS, arXiv:1910.11858, §3.
 */
const encodings: { readonly [name: string]: Encoding } = {
  "one-hot": oneHot,
  path: pathsOf(Number.POSITIVE_INFINITY),
  "truncated-path": pathsOf(2),
};

/** @throws UserError  naming those there are */
export function encodingOf(name: string): Encoding {
  const encoding = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
  if (encoding === undefined)
    throw new UserError(`unknown encoding "${name}"`, didYouMean(name, Object.keys(encodings)));
  return encoding;
}

/** Columns of a table with a row for each network, 1 where a feature is true; only those are named. */
export interface Columns {
  readonly count: number;
  /** Of the features that are true; features not in the table have no column. */
  of(features: Features): Int32Array;
}

/** A column for every feature that these networks have. */
export function columnsOf(networks: readonly Features[]): Columns {
  const at = new Map<string, number>();
  for (const features of networks)
    for (const feature of features) if (!at.has(feature)) at.set(feature, at.size);
  return {
    count: at.size,
    of: (features) =>
      Int32Array.from(
        [...new Set(features)].flatMap((feature) => {
          const column = at.get(feature);
          return column === undefined ? [] : [column];
        }),
      ),
  };
}
