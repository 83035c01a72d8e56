import { defineGroup } from "../../command.js";
import { strategies } from "./strategies.js";

export const bench = defineGroup(
  "benchmarks of the search itself: which strategy finds more in as many queries",
  {
    strategies,
  },
);
