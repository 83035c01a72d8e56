import { exitCodes, UserError } from "../base/errors.js";
import { signature } from "../graph/signature.js";
import type { LatencyTable } from "../latency/table.js";
import type { MeasuredTarget } from "../latency/target.js";
import type { StoredVisit } from "../store/visits.js";
import { describeHost } from "./host.js";
import type { NamedNetwork } from "./plan.js";
import { isSettled, rowOf } from "./rows.js";
import { reference } from "./session.js";
import { openTimer } from "./timer.js";

/** A network measured twice over, and both together. */
export interface NetworkTime {
  readonly key: string;
  /** Of all visits. */
  readonly ms: number;
  /** Of the first round of visits, and of the second, after all other networks. */
  readonly rounds: readonly [number, number];
}

/** @throws UserError  (exit code 5) when the target's table is not of this computer as it is now */
export function checkIsHost({ table }: MeasuredTarget): void {
  const host = describeHost();
  for (const field of ["soc", "os", "runtime"] as const)
    if (table[field] !== host[field])
      throw new UserError(
        `the table of ${table.target} is of another device: its ${field} is ${JSON.stringify(table[field])}, here it is ${JSON.stringify(host[field])}`,
        "Measure networks there and give them with --csv.",
        exitCodes.data,
      );
}

/** Networks measured beside a table of this computer. */
export interface NetworkTimes {
  readonly networks: readonly NetworkTime[];
  /** What the reference kernel took before and after them, of what the table's row of it says; null where it has none. */
  readonly drift: readonly [before: number, after: number] | null;
}

/**
 * Whole networks on this computer, in two rounds, as a table's network rows are measured.
 *
 * @throws AbortError  of the signal
 */
export async function networkTimes(
  networks: readonly NamedNetwork[],
  {
    table,
    signal,
    onProgress,
  }: {
    readonly table: LatencyTable;
    readonly signal: AbortSignal;
    onProgress(done: number, of: number): void;
  },
): Promise<NetworkTimes> {
  const timer = openTimer(table.threads ?? 1);
  const key = signature(reference);
  const known = table.rows.find((row) => row.kind === "kernel" && row.key === key)?.medianMs;
  const driftNow = async () => (known === undefined ? 1 : (await timer.piece(reference)).ms / known);
  const rounds = [0, 1].map(() => new Map<string, StoredVisit[]>(networks.map(({ key }) => [key, []])));
  let done = 0;
  let [before, after] = [1, 1];
  try {
    before = await driftNow();
    for (const round of rounds) {
      let open = networks;
      while (open.length > 0) {
        for (const { key, out } of open) {
          signal.throwIfAborted();
          const visits = round.get(key)!;
          const visit = await timer.call(out);
          visits.push({ kind: "network", key, number: visits.length, drift: 1, ...visit });
          if (isSettled(visits)) onProgress(++done, 2 * networks.length);
        }
        open = open.filter(({ key }) => !isSettled(round.get(key)!));
      }
    }
    after = await driftNow();
  } finally {
    timer.close();
  }
  const msOf = (visits: readonly StoredVisit[]) => rowOf("network", "", visits).medianMs;
  return {
    networks: networks.map(({ key }) => {
      const [first, second] = rounds.map((round) => round.get(key)!) as [StoredVisit[], StoredVisit[]];
      return { key, ms: msOf([...first, ...second]), rounds: [msOf(first), msOf(second)] };
    }),
    drift: known === undefined ? null : [before, after],
  };
}
