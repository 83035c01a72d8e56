import type { Attention } from "./attention.js";

/** No attention. */
export const none: Attention = { place: "after", apply: (x) => x };
