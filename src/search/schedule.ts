import type { Options, Scheduled, Strategy } from "./strategy.js";

/**
 * How much training each network gets: a schedule asks a strategy for networks, trains
 * them a little, and goes on with the best.
 *
 * @property apply  the strategy that asks so
 */
export interface Schedule<O extends Options = Options> {
  readonly summary: string;
  readonly defaults: O;
  /** @throws UserError  when options make no sense for so many epochs at most */
  check(options: O, epochs: number): void;
  apply<State, S extends Options>(
    strategy: Strategy<State, S>,
    options: O,
    epochs: number,
  ): Scheduled<unknown, S>;
}

export const defineSchedule = <O extends Options>(schedule: Schedule<O>): Schedule<O> => schedule;
