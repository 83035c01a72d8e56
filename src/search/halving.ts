import { UserError } from "../base/errors.js";

/** Options of successive halving: of the networks trained as long the best 1/eta go on, from `least` epochs on. */
export type Halving = { readonly eta: number; readonly least: number };

/** What schedules of successive halving have in common. */
export const halving = (name: string) => ({
  defaults: { eta: 3, least: 1 } as Halving,
  check({ eta, least }: Halving, epochs: number): void {
    if (!(eta >= 2)) throw new UserError(`${name}: eta is ${eta}`, "It must be 2 or more.");
    if (!Number.isInteger(least) || least < 1)
      throw new UserError(`${name}: least is ${least}`, "It must be a whole number from 1 up.");
    if (epochs < least * eta)
      throw new UserError(
        `${name} has no two rungs from ${least} to ${epochs} epochs with eta ${eta}`,
        `Train at least ${Math.ceil(least * eta)} epochs, or lower eta or least.`,
      );
  },
});
