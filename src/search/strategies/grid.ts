import { UserError } from "../../base/errors.js";
import { defineStrategy, type Moves } from "../strategy.js";

/** The genome after this one when decisions count up as digits do, the last one fastest; none after the last. */
function successor(moves: Moves, genome: string): string | undefined {
  const digits = moves.decisions(genome);
  for (let at = digits.length - 1; at >= 0; at--) {
    const { index, values } = digits[at]!;
    if (index + 1 === values) continue;
    let asked = 0;
    return moves.compose(() => {
      const i = asked++;
      return i < at ? digits[i]!.index : i === at ? index + 1 : 0;
    });
  }
  return undefined;
}

/**
 * Every genome of a small space once, in order; those over the limits are left out.
 *
 * state    the last genome told
 * ask      the one after the last asked; nothing when that was the last there is
 * defaults most: the budget, so that a grid is whole or an error
 */
export const grid = defineStrategy({
  summary: "every network of a small space once",
  isPareto: true,
  defaults: (trials) => ({ most: trials }),
  check({ most }, size) {
    if (!Number.isInteger(most) || most < 1)
      throw new UserError(`grid: most is ${most}`, "It must be a whole number from 1 up.");
    if (size !== undefined && size > BigInt(most))
      throw new UserError(
        `grid tries every network, and the space has ${size} of them, more than ${most}`,
        "Raise --trials to that number, make the space smaller, or take another strategy.",
      );
  },
  init: (): string | undefined => undefined,
  ask(last, { moves, pending }) {
    const before = pending.at(-1)?.genome ?? last;
    let genome = before === undefined ? moves.compose(() => 0) : successor(moves, before);
    while (genome !== undefined && !moves.fits(genome)) genome = successor(moves, genome);
    return genome;
  },
  tell: (_, trial) => trial.genome,
});
