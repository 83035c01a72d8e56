import { UserError } from "../../base/errors.js";
import { hasSeen, nothingSeen, type Seen, see } from "../seen.js";
import { defineStrategy } from "../strategy.js";
import type { Told } from "../trial.js";

/** Draws before a network that was asked already is asked again. */
const patience = 100;

interface Climb {
  readonly seen: Seen;
  /** Fresh draws told since the last local optimum. */
  readonly drawn: number;
  /** The best since then. */
  readonly at: Told | undefined;
  /** Its neighbours within the limits that were never asked, once fresh draws are over. */
  readonly around: readonly string[];
}

/**
 * Local search: from the best of a few draws step to the first better neighbour;
 * where none is left, begin anew. No network is asked twice.
 *
 * state    all that was asked; draws since the last local optimum, the best since, and its
 *          neighbours left to ask
 * ask      `initial` distinct fresh draws, then the best one's neighbours in random order
 * tell     the first strict improvement is the new place; with no neighbour left, fresh draws
 * defaults initial 10, as the paper's code
 * paper    White et al. 2021, Local Search is State of the Art for NAS, arXiv:2005.02960
 */
export const local = defineStrategy({
  summary: "local search: step to the first better neighbour, begin anew where there is none",
  redraws: true,
  defaults: () => ({ initial: 10 }),
  check({ initial }) {
    if (!Number.isInteger(initial) || initial < 1)
      throw new UserError(`local: initial is ${initial}`, "It must be a whole number from 1 up.");
  },
  randomDraws: ({ initial }) => initial,
  init: (): Climb => start(nothingSeen),
  ask({ seen, around }, { moves, rng, pending }) {
    const asked = new Set(pending.map(({ genome }) => genome));
    const next = around.filter((genome) => !asked.has(genome));
    if (next.length > 0) return rng.pick(next);
    let genome = moves.sample(rng);
    for (let i = 0; i < patience && (hasSeen(seen, genome) || asked.has(genome)); i++)
      genome = moves.sample(rng);
    return genome;
  },
  tell(state, trial, { moves, better }, { initial }) {
    const seen = see(state.seen, trial.genome);
    const drawn = Math.min(initial, state.drawn + 1);
    const at = state.at === undefined || better(trial, state.at) ? trial : state.at;
    if (drawn < initial) return { seen, drawn, at, around: [] };
    const moved = at !== state.at || state.drawn < initial;
    const around = moved
      ? moves.neighbours(at.genome).filter((genome) => !hasSeen(seen, genome) && moves.fits(genome))
      : state.around.filter((genome) => genome !== trial.genome);
    return around.length > 0 ? { seen, drawn, at, around } : start(seen);
  },
});

const start = (seen: Seen): Climb => ({ seen, drawn: 0, at: undefined, around: [] });
