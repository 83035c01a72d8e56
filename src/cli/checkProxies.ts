import { UserError } from "../base/errors.js";
import { type Index, names } from "../base/lookup.js";
import type { Meaning } from "../search/settings.js";
import * as strategies from "../search/strategies/index.js";
import type { Options, Strategy } from "../search/strategy.js";

/** Names of the strategies that pass a test. */
export const having = (test: (strategy: Strategy) => boolean): string =>
  names(
    Object.fromEntries(Object.entries(strategies as unknown as Index<Strategy>).filter(([, s]) => test(s))),
  ).join(", ");

/** Whether a strategy learns how accurate networks are, so that no other number means anything to it. */
export const learns = ({ needsAccuracy, supernet }: Strategy): boolean =>
  needsAccuracy === true || supernet !== undefined;
const begins = ({ randomDraws, supernet }: Strategy): boolean =>
  randomDraws !== undefined && supernet === undefined;

/** @throws UserError  when a proxy would be of no effect, or leave nothing to learn from, in a search like this */
export function checkProxies(
  { name, value: strategy }: { readonly name: string; readonly value: Strategy<never> },
  options: Options,
  {
    proxy,
    warmUp,
    filter,
    schedule,
  }: Pick<Meaning, "warmUp" | "filter" | "schedule"> & { readonly proxy: string | undefined },
): void {
  const plain = strategy as unknown as Strategy;
  if (proxy !== undefined && learns(plain))
    throw new UserError(
      `strategy ${name} learns from accuracies, and after ${proxy} nothing is trained`,
      `Take one of: ${having((s) => !learns(s))}.`,
    );
  if (proxy !== undefined && schedule !== undefined)
    throw new UserError(
      `schedule ${schedule.name} says how long to train, and after ${proxy} nothing is trained`,
      "Leave --schedule out.",
    );
  if (warmUp !== undefined && schedule !== undefined)
    throw new UserError(
      `--warm-up and schedule ${schedule.name} would both choose what is trained first`,
      "Leave one of them out; --filter goes with a schedule.",
    );
  if (warmUp !== undefined && !begins(plain))
    throw new UserError(
      `strategy ${name} begins with no population of random draws, which a warm-up would choose`,
      `Take one of: ${having(begins)}.`,
    );
  const first = plain.randomDraws?.(options) ?? 0;
  if (warmUp !== undefined && warmUp.draws < first)
    throw new UserError(
      `--warm-up-draws is ${warmUp.draws}, and strategy ${name} begins with ${first} networks`,
      `Draw more than ${first}, so that there is something to choose.`,
    );
  if (filter !== undefined && plain.redraws !== true)
    throw new UserError(
      `strategy ${name} has no other candidate to draw where --filter turns one down`,
      `Take one of: ${having((s) => s.redraws === true)}.`,
    );
}
