import type { Rng } from "../base/rng.js";
import type { Goal } from "./goal.js";
import type { SupernetSpec } from "./supernet/question.js";
import type { Told } from "./trial.js";

/** Answers a categorical decision: the index of one of its values. */
export type Choose = (decision: string, values: number) => number;

/** One categorical decision of a genome, and what it decided. */
export interface Decision {
  readonly name: string;
  /** How many values it has, 2 or more. */
  readonly values: number;
  /** Of the value taken, from 0. */
  readonly index: number;
}

/** How a strategy makes genomes: always of the space. */
export interface Moves {
  /** How many genomes the space has. */
  readonly size: bigint;
  /** Within the limits wherever one is found in a bounded number of draws; so are the two that follow. */
  sample(rng: Rng): string;
  mutate(genome: string, rng: Rng): string;
  crossover(a: string, b: string, rng: Rng): string;
  /** All genomes one decision away, over the limits or not. */
  neighbours(genome: string): readonly string[];
  /** The genome these answers make, over the limits or not; only decisions that are active are asked. */
  compose(choose: Choose): string;
  /** What `compose` must answer to make this genome, in the order it asks. */
  decisions(genome: string): readonly Decision[];
  /** Whether a genome is within the limits, as the estimate has it; one that is not counts as rejected. */
  fits(genome: string): boolean;
  /** The operators along each way from input to output, where a network is a wiring of operators. */
  paths?(genome: string): readonly (readonly string[])[];
}

/** What a strategy may use when it is told: what is wanted, and the moves. */
export interface Known extends Goal {
  readonly moves: Moves;
}

/** What is asked: a network, and after how many epochs; without them after all that the plan has. */
export interface Asked {
  readonly genome: string;
  readonly epochs?: number;
}

/** What a strategy may use when it is asked. */
export interface Context extends Known {
  /** The stream of this question alone. */
  readonly rng: Rng;
  /** Asked and not yet told, oldest first. */
  readonly pending: readonly Asked[];
  /** Derived from the strategy's supernet, the most promising first; absent where there is none. */
  readonly derived?: readonly string[];
}

export type Options = { readonly [name: string]: number | string };

/**
 * A fold over finished trials, told in ask order. Pure: no clock, no randomness
 * but `rng`; its state is never stored, as `tell` over the ledger makes it again.
 *
 * @property defaults  options for a budget of `trials`
 * @property check     throws UserError when options make no sense, or not in a space of `size` genomes
 * @property ask       the next genome; undefined when there is nothing to ask before another answer
 *                     is told, and when nothing is pending nothing more at all
 */
export interface Strategy<State = unknown, O extends Options = Options> {
  readonly summary: string;
  /** Whether it heeds every objective, not accuracy alone. */
  readonly isPareto?: boolean;
  defaults(trials: number): O;
  check(options: O, size?: bigint): void;
  /** Whether asking again with another stream gives another candidate, as a filter needs. */
  readonly redraws?: boolean;
  /** Whether it learns how accurate networks are, so that a proxy's scores tell it nothing. */
  readonly needsAccuracy?: boolean;
  /** How many of the first questions are uniform draws, where they are: what a random baseline rests on. */
  randomDraws?(options: O): number;
  init(options: O): State;
  ask(state: State, context: Context, options: O): string | undefined;
  tell(state: State, trial: Told, known: Known, options: O): State;
  /** What it predicts accuracy by, as they are in their indexes; absent where it predicts none. */
  predictor?(options: O): { readonly predictor: string; readonly encoding: string };
  /** The supernet it trains before its first question; absent where it trains none. */
  supernet?(options: O): SupernetSpec;
}

/** A strategy that also says how long to train, as a schedule makes of another. */
export interface Scheduled<State = unknown, O extends Options = Options>
  extends Omit<Strategy<State, O>, "ask"> {
  ask(state: State, context: Context, options: O): string | Asked | undefined;
}

export const defineStrategy = <State, O extends Options>(strategy: Strategy<State, O>): Strategy<State, O> =>
  strategy;
