import { UserError } from "../../base/errors.js";
import type { Kernel } from "../../graph/fuse.js";
import { kernels } from "../../graph/fuse.js";
import { type Node, paths } from "../../graph/node.js";
import { signature } from "../../graph/signature.js";
import type { Manifest } from "../kitFiles.js";
import type { LatencyTable, Row } from "../table.js";

/** What a table says of its device and how it was measured. */
export type About = Pick<
  LatencyTable,
  "device" | "soc" | "os" | "runtime" | "dtype" | "threads" | "protocol" | "measuredAt" | "conditions"
>;

/** A file to be imported, and what is known beside it. */
export interface Given {
  readonly text: string;
  /** What errors call the file. */
  readonly where: string;
  /** Of the kit that was measured. */
  readonly manifest?: Manifest;
  /** The network a profile is of. */
  readonly network?: { readonly key: string; readonly out: Node };
  /** What the user says of the device; what the file says must not differ. */
  readonly said: Partial<About>;
}

/** What a file says. */
export interface Imported {
  readonly rows: readonly Row[];
  readonly about: Partial<About>;
  readonly source: string;
  /** What to know of it, such as what was left out and why; for eyes. */
  readonly notes: readonly string[];
}

/** A kind of file with latencies that others write. */
export interface Importer {
  readonly title: string;
  /** Whether a text looks like one. */
  detect(text: string): boolean;
  /** @throws UserError  (exit code 2) naming file, line and reason */
  read(given: Given): Imported;
}

/** Of a number of milliseconds at a place of a file. */
export function milliseconds(text: string, where: string, name: string): number {
  const ms = text.trim() === "" ? Number.NaN : Number(text);
  if (!(ms > 0 && ms < Number.POSITIVE_INFINITY))
    throw new UserError(
      `${where}: ${name} is ${JSON.stringify(text.trim())}`,
      "It must be a number above 0.",
    );
  return ms;
}

/** The network a profile needs. */
export function networkOf({ network, where }: Given): NonNullable<Given["network"]> {
  if (network !== undefined) return network;
  throw new UserError(
    `${where} is the profile of a network and does not say of which`,
    "Name it: --network, a zoo network, a spec file or a genome. It must be the model nas exported.",
  );
}

/**
 * The kernels of a profiled network with their times: each is the sum of what ran of it. Kernels that
 * occur more than once are averaged.
 *
 * @param ran   names of what ran, and milliseconds; a name is the path of an operator, and what comes after it
 * @param where what errors call the file
 */
export function kernelRows(
  out: Node,
  ran: readonly { readonly name: string; readonly ms: number }[],
  count: number,
  where: string,
): { readonly rows: readonly Row[]; readonly notes: readonly string[] } {
  const path = paths(out);
  const owner = new Map<string, Kernel>();
  for (const kernel of kernels(out)) for (const node of kernel.nodes) owner.set(path.get(node)!, kernel);
  const pathIn = (name: string) =>
    [...name.matchAll(/[^\s;[\]]+/g)].map(([word]) => word.split("/").slice(0, 2).join("/"));
  const times = new Map<Kernel, number>();
  const unknown: string[] = [];
  for (const { name, ms } of ran) {
    const kernel = pathIn(name)
      .map((p) => owner.get(p))
      .find((k) => k !== undefined);
    if (kernel === undefined) unknown.push(name);
    else times.set(kernel, (times.get(kernel) ?? 0) + ms);
  }
  if (times.size === 0)
    throw new UserError(
      `${where}: nothing that ran is of the network`,
      "Profile the file nas export or nas latency kit wrote of it: its operators are named by their paths.",
    );
  const byKey = new Map<string, number[]>();
  for (const [kernel, ms] of times) {
    if (!(ms > 0)) continue;
    const key = signature(kernel);
    byKey.set(key, [...(byKey.get(key) ?? []), ms]);
  }
  return {
    rows: [...byKey].map(([key, all]) => ({
      kind: "kernel",
      key,
      count: count * all.length,
      medianMs: all.reduce((sum, ms) => sum + ms, 0) / all.length,
      spreadMs: Math.max(...all) - Math.min(...all),
      drift: null,
    })),
    notes: unknown.map((name) => `left out ${name}: not of the network`),
  };
}
