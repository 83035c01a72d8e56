import { kernels } from "../graph/fuse.js";
import { input } from "../graph/node.js";
import { signature } from "../graph/signature.js";
import { kernelTimes } from "../latency/kernelTimes.js";
import type { Piece } from "../latency/piece.js";
import type { Row } from "../latency/table.js";
import type { StoredVisit, Visits } from "../store/visits.js";
import { firstOf, nextOf, straight } from "./order.js";
import { effortOf, type MeasurePlan } from "./plan.js";
import { isSettled, rowOf, type Wanted } from "./rows.js";
import type { Timer } from "./timer.js";

/**
 * Measured again and again, to see whether the computer still runs as it did when the table was
 * begun: the first row of every table.
 */
export const reference: Piece = kernels(input([64, 56, 56]).conv(64, { kernel: 3 }).norm().act("relu"))[0]!;
const visitsBetween = 40;

/** How far measuring is. */
export interface Progress {
  /** Rows that are known, and rows that will be at most. */
  readonly done: number;
  readonly of: number;
  readonly msLeft: number;
  /** What the reference kernel takes now, of what its row says. */
  readonly drift: number;
}

/** What measuring came to. */
export interface Measured {
  readonly rows: readonly Row[];
  /** Kernels that are told from others, and were not measured. */
  readonly told: number;
  /** The reference kernel at its slowest, of what its row says. */
  readonly worstDrift: number;
  /** Rows that could not be measured, with why. */
  readonly failed: readonly { readonly key: string; readonly why: string }[];
}

/**
 * Measure what a plan says. Every visit is on disk before the next begins, and a visit that is
 * there already is not made again: so a session that was killed goes on where it was.
 *
 * Of each family of kernels a third is measured, spread over channels and maps, then a few more
 * at a time; it is left when those few had all been told within 5 % from the ones before, as
 * where time grows in a straight line with the work. All families take turns, so that the visits
 * of a row lie seconds apart.
 *
 * @param known  rows that a table has already
 * @throws AbortError  of the signal, between two visits
 */
export async function measure(
  plan: MeasurePlan,
  {
    timer,
    visits,
    known,
    signal,
    onProgress,
  }: {
    readonly timer: Timer;
    readonly visits: Visits;
    readonly known: readonly Row[];
    readonly signal: AbortSignal;
    onProgress(progress: Progress): void;
  },
): Promise<Measured> {
  const nameOf = ({ kind, key }: { readonly kind: string; readonly key: string }) => `${kind} ${key}`;
  const rows = new Map(known.map((row) => [nameOf(row), row]));
  const stored = new Map<string, StoredVisit[]>();
  for (const visit of visits.stored) stored.set(nameOf(visit), [...(stored.get(nameOf(visit)) ?? []), visit]);
  const failed: { key: string; why: string }[] = [];
  const { kernels: all, blocks, networks } = effortOf(plan);
  const progress = { of: all + blocks + networks, done: 0, spent: 0, fresh: 0 };
  let told = 0;
  let [startMs, drift, worstDrift, since] = [0, 1, 1, 0];

  const lookAtReference = async () => {
    drift = (await timer.piece(reference)).ms / startMs;
    worstDrift = Math.max(worstDrift, drift);
    since = 0;
  };

  /** Visits all of a batch, then again those that are not settled: the visits of a row lie apart in time. */
  const measureBatch = async (batch: readonly Wanted[]) => {
    let open = batch.filter((wanted) => !rows.has(nameOf(wanted)));
    progress.done += batch.length - open.length;
    while (open.length > 0) {
      for (const wanted of open) {
        const name = nameOf(wanted);
        const before = stored.get(name) ?? [];
        if (isSettled(before)) {
          progress.done++;
          continue;
        }
        signal.throwIfAborted();
        const started = performance.now();
        try {
          if (startMs > 0 && since++ >= visitsBetween) await lookAtReference();
          const { kind, key } = wanted;
          const visit = { kind, key, number: before.length, ...(await wanted.measure()), drift };
          await visits.append(visit);
          stored.set(name, [...before, visit]);
          if (isSettled([...before, visit])) progress.done++;
        } catch (error) {
          progress.done++;
          if (failed.push({ key: wanted.key, why: (error as Error).message }) > 20) throw error;
          open = open.filter((other) => other !== wanted);
        }
        progress.spent += performance.now() - started;
        progress.fresh++;
        const perRow = (2.3 * progress.spent) / progress.fresh;
        onProgress({
          done: progress.done,
          of: progress.of,
          drift,
          msLeft: perRow * (progress.of - progress.done),
        });
      }
      for (const { kind, key } of open) {
        const found = stored.get(nameOf({ kind, key })) ?? [];
        if (!isSettled(found)) continue;
        rows.set(nameOf({ kind, key }), rowOf(kind, key, found));
      }
      open = open.filter((wanted) => !rows.has(nameOf(wanted)));
    }
  };

  const wantedKernel = (kernel: Piece): Wanted => ({
    kind: "kernel",
    key: signature(kernel),
    measure: () => timer.piece(kernel),
  });

  const wantedReference = wantedKernel(reference);
  await measureBatch([wantedReference]);
  progress.done = 0; // one more than the plan has
  const referenceRow = rows.get(nameOf(wantedReference));
  if (referenceRow === undefined) throw new Error(`the reference kernel: ${failed[0]!.why}`);
  startMs = referenceRow.medianMs;
  await lookAtReference();

  const rowOfKernel = (kernel: Piece) => rows.get(nameOf(wantedKernel(kernel)));
  /** Whether these rows are what the family's rows before them tell. */
  const isStraight = (before: readonly Piece[], next: readonly Piece[]) => {
    const tell = kernelTimes(before.flatMap((kernel) => rowOfKernel(kernel) ?? []));
    return next.every((kernel) => {
      const row = rowOfKernel(kernel);
      if (row === undefined) return false;
      const error = Math.abs(tell(kernel).ms - row.medianMs);
      return error <= Math.max(straight.share * row.medianMs, straight.ms);
    });
  };

  let open = plan.families.map(({ kernels }) => ({ kernels, from: 0, to: firstOf(kernels.length) }));
  while (open.length > 0) {
    await measureBatch(open.flatMap(({ kernels, from, to }) => kernels.slice(from, to).map(wantedKernel)));
    open = open.flatMap(({ kernels, from, to }) => {
      if (to >= kernels.length) return [];
      if (from === 0 || !isStraight(kernels.slice(0, from), kernels.slice(from, to)))
        return [{ kernels, from: to, to: to + nextOf(kernels.length) }];
      told += kernels.slice(to).filter((kernel) => rowOfKernel(kernel) === undefined).length;
      progress.of -= kernels.length - to;
      return [];
    });
  }
  await measureBatch(
    [...plan.blocks].map(([key, block]) => ({ kind: "block", key, measure: () => timer.piece(block) })),
  );
  await measureBatch(
    plan.networks.map(({ key, out }) => ({ kind: "network", key, measure: () => timer.call(out) })),
  );
  return { rows: [...rows.values()], told, worstDrift, failed };
}
