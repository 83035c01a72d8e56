import { resolve } from "node:path";
import { find, kebab } from "../base/lookup.js";
import { openTarget, targetHelp } from "../latency/openTarget.js";
import type { Target } from "../latency/target.js";
import * as targets from "../latency/targets/index.js";
import type { Named, Option } from "./option.js";

/** A device by name, or by the file of its table. */
export const targetOption = (what: string, value = "name"): Option<Named<Target> | undefined> => ({
  help: targetHelp(what),
  value,
  fallback: undefined,
  read: (text) => ({
    name: text.endsWith(".json") && find(targets, text) === undefined ? resolve(text) : kebab(text),
    value: openTarget(text),
  }),
});
