import type { Coverage } from "../search/coverage.js";
import { kernelWord } from "../search/coverage.js";
import { showPercent } from "./unit.js";

/** How much of a space a target covers, and what is missing most, as one line. */
export function coverageLine({ share, drawn, missing }: Coverage, target: string): string {
  const start = `Coverage: ${showPercent(share)} of the space's networks are within what ${target} was fitted on`;
  if (missing.length === 0) return `${start}.`;
  const from = drawn === null ? "" : ` (${drawn} drawn)`;
  const most = missing.slice(0, 3).map(({ what, share }) => `${showPercent(share)} ${what}`);
  const more = missing.length > most.length ? `; ${missing.length - most.length} more` : "";
  const isTable = missing.every(({ what }) => what.startsWith(kernelWord));
  const fill = isTable ? " To add them: nas latency measure --space, or a kit with --space." : "";
  return `${start}${from}; the others are extrapolated, with a wider interval: ${most.join("; ")}${more}.${fill}`;
}
