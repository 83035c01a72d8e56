import type { WorkKind } from "./work.js";

/** How a table knows a kernel's time. */
export type Known = "measured" | "interpolated" | "extrapolated";

/** One kernel of a network, as a table has it. */
export interface Timed {
  readonly part: string;
  readonly work: WorkKind;
  readonly ms: number;
  readonly known: Known;
}
