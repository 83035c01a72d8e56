import { existsSync } from "node:fs";
import { exitCodes, UserError } from "../base/errors.js";
import { didYouMean, find, kebab, names } from "../base/lookup.js";
import { readTable } from "./table.js";
import { tableNames, tablePath } from "./tableFolder.js";
import { tableTarget } from "./tableTarget.js";
import type { Target } from "./target.js";
import * as targets from "./targets/index.js";

/** The name of this computer's target, which its user measures. */
export const hostName = "host-cpu";

/** Every target there is by name: those shipped, then measured ones. */
export const targetNames = (): readonly string[] => [...new Set([...names(targets), ...tableNames()])];

/** What users may write for a target, for the help. */
export const targetHelp = (what: string): string =>
  `${what}: ${names(targets).join(", ")}, ${hostName} once it is measured, or a table's file (.json)`;

/**
 * A target by the name users type: one that is shipped, with or without the word for its protocol
 * (`iphone13-npu@iformer`), a measured one by its name, or the file of a table.
 *
 * @throws UserError  when there is none (2; 5 where the host is not measured), or its table is refused
 */
export function openTarget(text: string): Target {
  const [name, protocol] = text.split("@") as [string, string?];
  const shipped = find<Target>(targets, name);
  if (shipped !== undefined && (protocol === undefined || protocol === shipped.protocolName)) return shipped;
  if (text.endsWith(".json")) return tableTarget(readTable(text));
  const file = tablePath(kebab(text));
  if (existsSync(file)) return tableTarget(readTable(file));
  if (kebab(text) === hostName)
    throw new UserError(
      `${hostName} is not measured yet`,
      `Measure this computer once, a few minutes: nas latency measure --target ${hostName} --space NAME`,
      exitCodes.data,
    );
  throw new UserError(
    `unknown target "${text}"`,
    `${didYouMean(text, [...targetNames(), hostName])} A table's file (.json) will do, too.`,
  );
}
