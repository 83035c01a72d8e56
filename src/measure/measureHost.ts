import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../base/errors.js";
import { kebab } from "../base/lookup.js";
import { calibrate } from "../latency/calibrate.js";
import { hostName } from "../latency/openTarget.js";
import {
  identity,
  type LatencyTable,
  readTable,
  tableFormat,
  tableVersion,
  writeTable,
} from "../latency/table.js";
import { build, deployedForm } from "../space/build.js";
import { parseGenome } from "../space/candidate.js";
import type { Space } from "../space/space.js";
import * as spaces from "../space/spaces/index.js";
import * as zoo from "../space/zoo/index.js";
import { openVisits } from "../store/visits.js";
import { describeHost } from "./host.js";
import type { MeasurePlan, NamedNetwork } from "./plan.js";
import { type Measured, measure, type Progress } from "./session.js";
import { openTimer } from "./timer.js";

/** How the host's rows came about; part of what makes two tables comparable. */
const protocol =
  "batch 1; of 12 to 60 runs a visit (whole networks 15 to 100) the fastest tenth, of 2 to 5 visits the mean of the two fastest; kernels and blocks by onnxruntime's profiler in a small model with cold weights, networks by the wall clock";

/** A table for this computer without rows. */
function emptyTable(threads: number): LatencyTable {
  const host = describeHost();
  return {
    format: tableFormat,
    version: tableVersion,
    unit: "ms",
    target: hostName,
    title: `This computer, ${host.soc}, ${threads === 1 ? "one thread" : `${threads} threads`}`,
    ...host,
    threads,
    protocol,
    source: "measured by nas latency measure",
    measuredAt: new Date().toISOString(),
    rows: [],
    model: null,
  };
}

/**
 * Networks of the rows that can be built again: zoo networks and genomes of built-in or given spaces.
 *
 * @param given  spaces beside the built-in ones
 */
export function networksOf(table: LatencyTable, given: readonly Space[]): readonly NamedNetwork[] {
  const known = new Map([...Object.values<Space>(spaces), ...given].map((space) => [space.name, space]));
  const entries = new Map(Object.entries(zoo).map(([key, entry]) => [kebab(key), entry]));
  return table.rows.flatMap(({ kind, key }) => {
    if (kind !== "network") return [];
    const space = known.get(key.slice(0, Math.max(0, key.indexOf(":"))));
    if (space !== undefined)
      return [{ key, out: build(space, parseGenome(space, key), deployedForm(space)) }];
    const entry = entries.get(kebab(key));
    return entry === undefined ? [] : [{ key, out: entry.build() }];
  });
}

/** What measuring the host came to. */
export interface HostMeasured extends Omit<Measured, "rows"> {
  readonly table: LatencyTable;
}

/**
 * Measure this computer and write its table. Rows that the file has already stay; what was measured
 * before a session was killed is taken from the visits kept beside the file.
 *
 * @param file  of the table, made with its folder where there is none
 * @throws UserError   (exit code 2) when the file's table is of another computer, runtime or number of threads
 * @throws AbortError  of the signal; what is measured is kept
 */
export async function measureHost(
  plan: MeasurePlan,
  {
    threads,
    file,
    spaces: given,
    signal,
    onProgress,
  }: {
    readonly threads: number;
    readonly file: string;
    readonly spaces: readonly Space[];
    readonly signal: AbortSignal;
    onProgress(progress: Progress): void;
  },
): Promise<HostMeasured> {
  const empty = emptyTable(threads);
  const before = existsSync(file) ? readTable(file) : undefined;
  const other = before && identity.find((field) => before[field] !== empty[field]);
  if (other !== undefined)
    throw new UserError(
      `${file} is of another device: its ${other} is ${JSON.stringify(before![other])}, here it is ${JSON.stringify(empty[other])}`,
      "Write another file with --out, or take that one away.",
    );
  await mkdir(dirname(file), { recursive: true });
  const journal = `${file}.visits`;
  const visits = await openVisits(journal, identity.map((field) => empty[field]).join("; "));
  const timer = openTimer(threads);
  let found: Measured;
  try {
    found = await measure(plan, { timer, visits, known: before?.rows ?? [], signal, onProgress });
  } finally {
    timer.close();
    await visits.close();
  }
  const { rows, ...rest } = found;
  const plain: LatencyTable = { ...empty, rows };
  const table = calibrate(plain, networksOf(plain, given));
  await writeTable(file, table);
  for (const end of ["", "-wal", "-shm"]) await rm(`${journal}${end}`, { force: true });
  return { table, ...rest };
}
