import { type Halving, halving } from "../halving.js";
import { defineSchedule } from "../schedule.js";
import type { Options, Scheduled, Strategy } from "../strategy.js";
import type { Told } from "../trial.js";

/** How many networks are trained for how many epochs. */
export interface Round {
  readonly networks: number;
  readonly epochs: number;
}

/**
 * Hyperband's brackets, the one with the most networks first: with 81 epochs and eta 3
 * the first is 81 @ 1, 27 @ 3, 9 @ 9, 3 @ 27, 1 @ 81, the last 5 @ 81.
 *
 * Source: Li et al. 2018, Hyperband, arXiv:1603.06560, Algorithm 1; the count as Optuna has it.
 */
export function brackets(most: number, least: number, eta: number): readonly (readonly Round[])[] {
  // A hair more, as log 243 / log 3 comes out below 5.
  const deepest = Math.floor(Math.log(most / least) / Math.log(eta) + 1e-9);
  return Array.from({ length: deepest + 1 }, (_, i) => {
    const depth = deepest - i;
    let networks = Math.ceil(((deepest + 1) * eta ** depth) / (depth + 1) - 1e-9);
    return Array.from({ length: depth + 1 }, (_, round) => {
      const here = { networks, epochs: Math.round(most / eta ** (depth - round)) };
      networks = Math.floor(networks / eta);
      return here;
    }).filter(({ networks }) => networks > 0);
  });
}

interface Bracket<State> {
  readonly inner: State;
  readonly bracket: number;
  readonly round: number;
  /** Genomes of this round; of a bracket's first they are still to be asked. */
  readonly chosen: readonly string[];
  /** Told in this round. */
  readonly told: readonly Told[];
}

/**
 * Hyperband: brackets of successive halving, from many networks trained briefly to few
 * trained long; after the last bracket the first again.
 *
 * state    the strategy's; bracket and round; the networks of the round, and what was told
 * ask      the next network of the round; nothing while its last answers are awaited
 * tell     with the round's last answer its best 1/eta are the next round; the strategy
 *          hears each network's first answer alone
 * defaults eta 3, from 1 epoch on
 * paper    Li et al. 2018, arXiv:1603.06560
 */
export const hyperband = defineSchedule({
  summary: "brackets of successive halving, from many networks trained briefly to few trained long",
  ...halving("hyperband"),
  apply<State, O extends Options>(
    strategy: Strategy<State, O>,
    { eta, least }: Halving,
    epochs: number,
  ): Scheduled<Bracket<State>, O> {
    const all = brackets(epochs, least, eta);
    return {
      ...strategy,
      init: (options) => ({ inner: strategy.init(options), bracket: 0, round: 0, chosen: [], told: [] }),
      ask({ inner, bracket, round, chosen, told }, context, options) {
        const { networks, epochs } = all[bracket]![round]!;
        const asked = told.length + context.pending.length;
        if (asked >= networks) return undefined;
        if (round > 0) return { genome: chosen[asked]!, epochs };
        const genome = strategy.ask(inner, context, options);
        return genome === undefined ? undefined : { genome, epochs };
      },
      tell(state, trial, known, options) {
        const { bracket, round } = state;
        const inner = round === 0 ? strategy.tell(state.inner, trial, known, options) : state.inner;
        const told = [...state.told, trial];
        if (told.length < all[bracket]![round]!.networks) return { ...state, inner, told };
        const next = all[bracket]![round + 1];
        if (next === undefined)
          return { inner, bracket: (bracket + 1) % all.length, round: 0, chosen: [], told: [] };
        const best = told.toSorted((a, b) => (known.better(a, b) ? -1 : known.better(b, a) ? 1 : 0));
        const chosen = best.slice(0, next.networks).map(({ genome }) => genome);
        return { inner, bracket, round: round + 1, chosen, told: [] };
      },
    };
  },
});
