import { defineGroup } from "../../command.js";
import { proxy } from "./proxy.js";
import { strategies } from "./strategies.js";

export const bench = defineGroup(
  "benchmarks of the search itself: which strategy finds more in as many queries, and what short training tells",
  {
    strategies,
    proxy,
  },
);
