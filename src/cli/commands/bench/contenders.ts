import { UserError } from "../../../base/errors.js";
import { didYouMean, kebab, lookup } from "../../../base/lookup.js";
import type { Contender } from "../../../search/compare.js";
import * as strategies from "../../../search/strategies/index.js";
import type { Strategy } from "../../../search/strategy.js";

/**
 * `aging:population=10:tournament=3` as a contender, what is not said by default.
 *
 * @param queries  the budget of each search
 * @param size     genomes of the space
 * @throws UserError  naming the strategy or option that is not known, or the value that makes no sense
 */
export function contender(text: string, queries: number, size: bigint): Contender {
  const [name = "", ...said] = text.trim().split(":");
  const strategy = lookup(strategies as Readonly<Record<string, unknown>>, name, "strategy") as Strategy;
  const defaults = strategy.defaults(queries);
  const given = said.map((pair) => {
    const [option = "", value = "", ...rest] = pair.split("=");
    if (option === "" || value === "" || rest.length > 0)
      throw new UserError(`"${text}" has "${pair}"`, "Options are name=value, such as aging:population=10.");
    if (!(option in defaults))
      throw new UserError(
        `strategy ${kebab(name)} has no option "${option}"`,
        didYouMean(option, Object.keys(defaults)),
      );
    return [option, Number.isFinite(Number(value)) ? Number(value) : value] as const;
  });
  const options = { ...defaults, ...Object.fromEntries(given) };
  strategy.check(options, size);
  return { label: text.trim(), strategy: kebab(name), options };
}
