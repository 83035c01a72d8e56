import { shortHash } from "../base/hash.js";
import type { Target } from "./target.js";

/** Hash of everything a target's predictions depend on. */
export const modelHash = ({ model, validity, interval }: Target): string =>
  shortHash(JSON.stringify({ model, validity, interval }));
