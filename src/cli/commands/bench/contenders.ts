import { UserError } from "../../../base/errors.js";
import { didYouMean, kebab, lookup } from "../../../base/lookup.js";
import type { Contender } from "../../../search/compare.js";
import type { Schedule } from "../../../search/schedule.js";
import * as schedules from "../../../search/schedules/index.js";
import * as strategies from "../../../search/strategies/index.js";
import type { Options, Strategy } from "../../../search/strategy.js";

/** `name:option=value:option=value`, apart. */
function apart(text: string): readonly [name: string, given: readonly (readonly [string, string])[]] {
  const [name = "", ...said] = text.trim().split(":");
  const given = said.map((pair) => {
    const [option = "", value = "", ...rest] = pair.split("=");
    if (option === "" || value === "" || rest.length > 0)
      throw new UserError(`"${text}" has "${pair}"`, "Options are name=value, such as aging:population=10.");
    return [option, value] as const;
  });
  return [name, given];
}

function withDefaults(
  name: string,
  defaults: Options,
  given: readonly (readonly [string, string])[],
): Options {
  const unknown = given.find(([option]) => !(option in defaults));
  if (unknown !== undefined)
    throw new UserError(
      `${name} has no option "${unknown[0]}"`,
      didYouMean(unknown[0], Object.keys(defaults)),
    );
  const values = given.map(([option, value]) => [
    option,
    Number.isFinite(Number(value)) ? Number(value) : value,
  ]);
  return { ...defaults, ...Object.fromEntries(values) };
}

/** What a contender must fit. */
export interface Arena {
  /** Budget of each search. */
  readonly queries: number;
  /** Genomes of the space. */
  readonly size: bigint;
  /** Of a full training; undefined where there is no shorter one. */
  readonly epochs?: number | undefined;
}

/**
 * `aging:population=10:tournament=3`, or `aging+asha:eta=4` with a schedule, as a
 * contender; what is not said by default.
 *
 * @throws UserError  naming the strategy, schedule or option that is not known, or the value that makes no sense
 */
export function contender(text: string, { queries, size, epochs }: Arena): Contender {
  const [first = "", second, ...more] = text.split("+");
  if (more.length > 0) throw new UserError(`"${text}" has two schedules`, "One will do, such as aging+asha.");
  const [name, given] = apart(first);
  const strategy = lookup(strategies as Readonly<Record<string, unknown>>, name, "strategy") as Strategy;
  const options = withDefaults(`strategy ${kebab(name)}`, strategy.defaults(queries), given);
  strategy.check(options, size);
  const plain = { label: text.trim(), strategy: kebab(name), options };
  if (second === undefined) return plain;
  const [scheduleName, scheduleGiven] = apart(second);
  const schedule = lookup(
    schedules as Readonly<Record<string, unknown>>,
    scheduleName,
    "schedule",
  ) as Schedule;
  if (epochs === undefined)
    throw new UserError(
      `"${text}" trains some networks shorter, and this benchmark knows no shorter training`,
      "Leave the schedule out, or take --benchmark analytic.",
    );
  const scheduleOptions = withDefaults(`schedule ${kebab(scheduleName)}`, schedule.defaults, scheduleGiven);
  schedule.check(scheduleOptions, epochs);
  return { ...plain, schedule: { name: kebab(scheduleName), options: scheduleOptions } };
}
