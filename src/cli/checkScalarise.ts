import { UserError } from "../base/errors.js";
import type { Strategy } from "../search/strategy.js";
import { having, learns } from "./checkProxies.js";
import type { Wanted } from "./searchOptions.js";

/** @throws UserError  where there is nothing to make one number of, or the strategy would not go by it */
export function checkScalarise(
  weight: number | undefined,
  { objectives, proxy }: Wanted,
  { name, value: strategy }: { readonly name: string; readonly value: Strategy<never> },
): void {
  if (weight === undefined) return;
  if (proxy !== undefined || objectives.length < 2)
    throw new UserError(
      "--scalarise makes one number of accuracy and costs",
      "Name the costs, too: --objective accuracy,latency.",
    );
  if (learns(strategy as unknown as Strategy))
    throw new UserError(
      `strategy ${name} learns accuracies, and goes by no other number`,
      `With --scalarise take one of: ${having((other) => !learns(other))}.`,
    );
}
