import { cost } from "../../graph/cost.js";
import type { ZeroCostProxy } from "../proxy.js";

/** Multiply-accumulates of one example. */
export const macs: ZeroCostProxy = {
  summary: "multiply-accumulates: a baseline",
  isBaseline: true,
  score: (out) => cost(out).macs,
};
