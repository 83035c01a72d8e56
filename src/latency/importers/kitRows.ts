import { UserError } from "../../base/errors.js";
import type { Manifest } from "../kitFiles.js";
import type { Row } from "../table.js";

/** What a runner says of one model of a kit. */
export type Timed =
  | { readonly id: string; readonly error: string }
  | {
      readonly id: string;
      readonly count: number;
      readonly medianMs: number;
      readonly spreadMs: number;
      readonly drift: number | null;
    };

/** What results say they are of. */
export interface Stamp {
  readonly kit: string;
  readonly target: string;
  readonly dtype: string;
}

/** @throws UserError  when results are of another kit, target or number type than the manifest's */
export function checkStamp(stamp: Stamp, manifest: Manifest | undefined, where: string): Manifest {
  if (manifest === undefined)
    throw new UserError(
      `${where} is of a kit and needs its manifest`,
      "Give it: --manifest DIR/manifest.json.",
    );
  for (const name of ["kit", "target", "dtype"] as const)
    if (stamp[name] !== manifest[name])
      throw new UserError(
        `${where}: ${name} is ${stamp[name]}, and the manifest's is ${manifest[name]}`,
        "Give the manifest of the kit that was measured.",
      );
  return manifest;
}

/**
 * Rows of a kit's results. A piece was called by itself, so a call that does next to nothing is taken
 * away from it; what is left is at least a hundredth of that call, as less cannot be told.
 *
 * @param at  what errors call the place of a model's time
 * @throws UserError  when a model has no time and no error, has two, or is not of the kit
 */
export function kitRows(
  manifest: Manifest,
  timed: readonly Timed[],
  where: string,
  at: (id: string) => string,
): { readonly rows: readonly Row[]; readonly notes: readonly string[] } {
  const models = new Map(manifest.models.map((model) => [model.id, model]));
  const found = new Map<string, Timed>();
  for (const one of timed) {
    if (!models.has(one.id))
      throw new UserError(
        `${at(one.id)}: the kit has no model ${one.id}`,
        "Was it measured with another kit?",
      );
    if (found.has(one.id))
      throw new UserError(`${at(one.id)}: model ${one.id} is there twice`, "Give it once.");
    found.set(one.id, one);
  }
  const missing = manifest.models.filter(({ id }) => !found.has(id));
  if (missing.length > 0)
    throw new UserError(
      `${where}: ${missing.length} of the kit's ${models.size} models are missing, the first is ${missing[0]!.id}`,
      "The measurement did not end. Run it again.",
    );
  const call = found.get(manifest.models.find(({ kind }) => kind === "call")?.id ?? "");
  if (call !== undefined && "error" in call)
    throw new UserError(`${at(call.id)}: the call could not be timed: ${call.error}`, "Run it again.");
  const callMs = call === undefined ? 0 : call.medianMs;
  const leastMs = callMs / 100;
  const rows: Row[] = [];
  const notes: string[] = [];
  let short = 0;
  for (const { id, kind, key } of manifest.models) {
    const one = found.get(id)!;
    if (kind === "call") continue;
    if ("error" in one) {
      notes.push(`left out ${id}: ${one.error}`);
      continue;
    }
    const { count, spreadMs, drift } = one;
    const ownMs = kind === "network" ? one.medianMs : one.medianMs - callMs;
    if (ownMs < leastMs) short++;
    rows.push({
      kind,
      key,
      count,
      medianMs: round(Math.max(ownMs, leastMs)),
      spreadMs: round(spreadMs),
      drift,
    });
  }
  if (rows.length === 0) throw new UserError(`${where}: no model could be timed`, "Run it again.");
  if (short > 0)
    notes.push(
      `${short} of ${rows.length} take no longer than a call that does nothing (${round(callMs)} ms) and count as a hundredth of it`,
    );
  return { rows, notes };
}

const round = (ms: number) => Number(ms.toPrecision(6));
