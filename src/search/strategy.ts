import type { Rng } from "../base/rng.js";
import type { Trial } from "./trial.js";

/**
 * How a strategy makes genomes: always of the space, and within the latency
 * limit wherever one is found in a bounded number of draws.
 */
export interface Moves {
  sample(rng: Rng): string;
  mutate(genome: string, rng: Rng): string;
  crossover(a: string, b: string, rng: Rng): string;
  /** All genomes one decision away, over the limit or not. */
  neighbours(genome: string): readonly string[];
}

/** What a strategy may use. */
export interface Context {
  readonly moves: Moves;
  /** The stream of this question alone. */
  readonly rng: Rng;
  /** Whether a is the better answer. */
  better(a: Trial, b: Trial): boolean;
}

export type Options = { readonly [name: string]: number };

/**
 * A fold over finished trials, told in ask order. Pure: no clock, no randomness
 * but `rng`; its state is never stored, as `tell` over the ledger makes it again.
 *
 * @property defaults  options for a budget of `trials`
 * @property check     throws UserError when options make no sense
 */
export interface Strategy<State = unknown, O extends Options = Options> {
  readonly summary: string;
  defaults(trials: number): O;
  check(options: O): void;
  init(options: O): State;
  ask(state: State, context: Context, options: O): string;
  tell(state: State, trial: Trial, context: Pick<Context, "better">, options: O): State;
}

export const defineStrategy = <State, O extends Options>(strategy: Strategy<State, O>): Strategy<State, O> =>
  strategy;
