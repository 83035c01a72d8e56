import { UserError } from "../base/errors.js";
import type { Space } from "../space/space.js";
import type { Fidelity } from "../train/fit.js";
import type { Limits, Objective } from "./goal.js";
import type { Ranking } from "./ranking.js";
import type { Options } from "./strategy.js";

/** What a run is after. */
export interface Aim {
  /** The first one foremost, accuracy or a proxy's score; the others are known before training. */
  readonly objectives: readonly Objective[];
  /** The zero-cost proxy of the objective `score`: nothing is trained. */
  readonly proxy?: string;
  /** Besides the limit on latency. */
  readonly limits: Omit<Limits, "latencyMs">;
  /** Exponent of the one number that all objectives are made into; absent: accuracy alone ranks networks. */
  readonly weight?: number;
  /** Where hypervolume is measured from, a number for each objective, none beside a score; fixed when the run is made. */
  readonly reference: readonly number[];
}

/** What a run is after that does not say: the most accurate network. */
const plain: Aim = { objectives: ["accuracy"], limits: {}, reference: [1] };

export const aimOf = ({ aim }: Meaning): Aim => aim ?? plain;

/** All limits of a run. */
export const limitsOf = (meaning: Meaning): Limits => ({
  ...(meaning.maxLatencyMs === null ? {} : { latencyMs: meaning.maxLatencyMs }),
  ...aimOf(meaning).limits,
});

/** What a run's result depends on. Fixed when the run is made; a resume may not change it. */
export interface Meaning {
  readonly target: string;
  /** Hash of the target's latency model. */
  readonly targetModel: string;
  /** Whole, so that a run outlives changes to a file or a built-in space. */
  readonly space: Space;
  /** Null without a limit, as only a run that measures short training may be. */
  readonly maxLatencyMs: number | null;
  /** Absent in runs that are older than it: the most accurate network. */
  readonly aim?: Aim;
  readonly strategy: string;
  readonly strategyOptions: Options;
  /** How long each network is trained; absent: as long as the fidelity says. */
  readonly schedule?: { readonly name: string; readonly options: Options };
  /** Present in a run that searches for nothing, but measures what short training says of long training. */
  readonly ranking?: Ranking;
  /** The first questions are the networks that a proxy scores highest of so many drawn. */
  readonly warmUp?: { readonly proxy: string; readonly draws: number };
  /** Candidates that a proxy scores below this share of the recent ones are drawn again. */
  readonly filter?: { readonly proxy: string; readonly quantile: number };
  readonly seed: number;
  readonly ahead: number;
  readonly fidelity: Fidelity;
  readonly engine: string;
  /** Name and content hash of the data set. */
  readonly data: { readonly name: string; readonly hash: string };
}

/** What a resume may change. */
export interface Budget {
  readonly trials: number;
}

/** A run's settings as its database keeps them. */
export interface Settings {
  readonly meaning: Meaning;
  readonly budget: Budget;
  /** Folder of the data set; null for one without files. May move. */
  readonly dataDir: string | null;
}

/** What a user may say again on resume; what is not said stays. */
export type Said = { readonly [K in keyof Meaning]?: Meaning[K] | undefined };

const leaves = (value: unknown, path: string): ReadonlyMap<string, string> => {
  if (value === null || typeof value !== "object")
    return new Map([[path, JSON.stringify(value) ?? "absent"]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...leaves(inner, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    ]),
  );
};

/** Where what is said now differs from what a run was made with: `seed: 7, not 8`. */
export function differences(made: Meaning, said: Said): readonly string[] {
  const then = leaves(made, "");
  const fields = Object.entries(said).filter(([, value]) => value !== undefined);
  const now = leaves(Object.fromEntries(fields), "");
  const within = (path: string) =>
    fields.some(([name]) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
  const paths = new Set([...[...then.keys()].filter(within), ...now.keys()]);
  return [...paths]
    .filter((path) => then.get(path) !== now.get(path))
    .map((path) => `${path}: ${then.get(path) ?? "absent"}, not ${now.get(path) ?? "absent"}`);
}

/** @throws UserError  with every difference, when what is said would change what the run means */
export function checkSame(name: string, made: Meaning, said: Said): void {
  const found = differences(made, said);
  if (found.length > 0)
    throw new UserError(
      `run ${name} was made with ${found.join("; ")}`,
      "Resume it without these flags, or start another run. Budgets (--trials, --workers) may change.",
    );
}
