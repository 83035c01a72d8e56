import type { Row, RowKind } from "../latency/table.js";
import type { StoredVisit } from "../store/visits.js";
import type { Visit } from "./job.js";

/** One row of a table to be measured. */
export interface Wanted {
  readonly kind: RowKind;
  readonly key: string;
  measure(): Promise<Visit>;
}

const fewestVisits = 2;
const mostVisits = 5;
/** Two visits agree within this share of the faster, or within this time. */
const agreement = { share: 0.03, ms: 0.002 };
/** A visit while the reference kernel took more than this of what its row says does not settle a row. */
const slow = 1.05;

/** Whether a row is known: its two fastest visits agree and were not made in a slow phase, or it was visited often enough. */
export function isSettled(visits: readonly Pick<StoredVisit, "ms" | "drift">[]): boolean {
  if (visits.length >= mostVisits) return true;
  const steady = visits.filter(({ drift }) => drift <= slow);
  if (steady.length < fewestVisits) return false;
  const [first, second] = steady.map(({ ms }) => ms).sort((a, b) => a - b) as [number, number];
  return second - first <= Math.max(agreement.share * first, agreement.ms);
}

/** Shorter than onnxruntime's clock can tell. */
const leastMs = 0.0005;

/** What a row's visits come to: the mean of the two fastest. */
export function rowOf(kind: RowKind, key: string, visits: readonly StoredVisit[]): Row {
  const sorted = [...visits].sort((a, b) => a.ms - b.ms);
  const [first, second = first] = sorted as [StoredVisit, ...StoredVisit[]];
  const round = (ms: number) => Number(ms.toPrecision(6));
  return {
    kind,
    key,
    count: visits.reduce((sum, { count }) => sum + count, 0),
    medianMs: round(Math.max(leastMs, (first.ms + second.ms) / 2)),
    spreadMs: round(Math.max(first.spreadMs, second.spreadMs)),
    drift: Number(((first.drift + second.drift) / 2).toFixed(3)),
  };
}
