import { cost } from "../../graph/cost.js";
import type { ZeroCostProxy } from "../proxy.js";

/** Learned numbers. */
export const params: ZeroCostProxy = {
  summary: "learned numbers: a baseline",
  isBaseline: true,
  score: (out) => cost(out).params,
};
