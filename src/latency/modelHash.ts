import { shortHash } from "../base/hash.js";
import type { Target } from "./target.js";

/** Hash of everything a target's predictions depend on. */
export function modelHash(target: Target): string {
  const { interval } = target;
  const depends =
    target.kind === "kernels"
      ? { model: target.model, validity: target.validity, interval }
      : target.kind === "measured"
        ? { rows: target.table.rows, model: target.model }
        : { table: target.table, interval };
  return shortHash(JSON.stringify(depends));
}
