import { defineGroup } from "../../command.js";
import { correlate } from "./correlate.js";

export const proxies = defineGroup("zero-cost proxies: what foretells accuracy without training", {
  correlate,
});
