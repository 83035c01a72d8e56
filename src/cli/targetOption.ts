import { resolve } from "node:path";
import { find, kebab } from "../base/lookup.js";
import { hostName, openTarget, targetHelp } from "../latency/openTarget.js";
import type { Target } from "../latency/target.js";
import * as targets from "../latency/targets/index.js";
import type { Named, Option } from "./option.js";

/** A device by name, or by the file of its table; this computer's is opened when first needed, as it may be measured only then. */
export const targetOption = (what: string, value = "name"): Option<Named<Target> | undefined> => ({
  help: targetHelp(what),
  value,
  fallback: undefined,
  read(text) {
    const isFile = text.endsWith(".json") && find(targets, text) === undefined;
    const name = isFile ? resolve(text) : kebab(text);
    if (name !== hostName) return { name, value: openTarget(text) };
    let opened: Target | undefined;
    return {
      name,
      get value() {
        opened ??= openTarget(name);
        return opened;
      },
    };
  },
});
