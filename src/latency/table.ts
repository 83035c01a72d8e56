import { rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { parseJson, readText } from "../base/files.js";
import { readForm } from "../base/form.js";
import { calibrationForm } from "./tableModel.js";

/** What a table file says it is. */
export const tableFormat = "nas-latency-table";
/** Of the schema below; another one is refused. */
export const tableVersion = 1;

/** What a row is the time of. */
export const rowKinds = ["kernel", "block", "network"] as const;
export type RowKind = (typeof rowKinds)[number];

const word = z.string().min(1);

const rowForm = z.strictObject({
  kind: z.enum(rowKinds),
  key: word,
  count: z.number().int().min(1),
  medianMs: z.number().positive(),
  spreadMs: z.number().nonnegative(),
  drift: z.number().positive().nullable(),
});

/** A table as its file has it; docs/latency-tables.md explains every field. */
export const tableForm = z.strictObject({
  format: z.literal(tableFormat),
  version: z.literal(tableVersion),
  unit: z.literal("ms"),
  target: z.string().regex(/^[a-z0-9][a-z0-9.@-]*$/),
  title: word,
  device: word,
  soc: word,
  os: word,
  runtime: word,
  dtype: word,
  threads: z.number().int().min(1).nullable(),
  protocol: word,
  source: word,
  measuredAt: z.iso.datetime(),
  conditions: z.record(z.string(), z.string()),
  rows: z.array(rowForm).min(1),
  model: calibrationForm.nullable(),
});

/** One measured time. */
export type Row = Readonly<z.infer<typeof rowForm>>;

/** Measured latencies of one device with its software, and what they were made into. */
export interface LatencyTable extends Readonly<Omit<z.infer<typeof tableForm>, "rows">> {
  readonly rows: readonly Row[];
}

/** What two tables must have in common to be of one device. */
export const identity = ["device", "soc", "os", "runtime", "dtype", "threads", "protocol"] as const;

const { format, version, unit } = tableForm.shape;
const stampForm = z.looseObject({ format, version, unit });
const headForm = z.strictObject({ ...tableForm.shape, rows: z.array(z.unknown()).min(1) });

/** Where row `i` starts in a file, where that can be told: files we write have one row a line. */
function rowAt(text: string, where: string, i: number): string {
  const lines = text.split("\n");
  const line = lines.findIndex((l) => /^\s*"rows": \[\s*$/.test(l)) + 1 + i;
  return /^\s*\{.*\},?\s*$/.test(lines[line] ?? "") ? `${where}, line ${line + 1}` : where;
}

/**
 * A table in the text of its file.
 *
 * @param where  what to call the file in errors
 * @throws UserError  (exit code 2) naming the file, the field or row with its line, and what is wrong:
 *                    no unit or another one, times that are 0, negative or no numbers, keys given
 *                    twice, another schema version, a file cut short
 */
export function parseTable(text: string, where: string): LatencyTable {
  const form = parseJson(text, where, "Was writing it interrupted? Measure or import it again.");
  readForm(stampForm, form, where, text);
  const head = readForm(headForm, form, where, text);
  const lines = new Map<string, number>();
  const rows = head.rows.map((found, i) => {
    const row = readForm(rowForm, found, `${rowAt(text, where, i)}: rows[${i}]`);
    const name = `${row.kind} ${row.key}`;
    const before = lines.get(name);
    if (before !== undefined)
      throw new UserError(
        `${rowAt(text, where, i)}: rows[${i}] has the key of rows[${before}], ${name}`,
        "Give each key once: the median of all its runs, with their count.",
      );
    lines.set(name, i);
    return row;
  });
  return { ...head, rows };
}

/** @throws UserError  as `parseTable`; (exit code 5) when the file cannot be read */
export const readTable = (file: string): LatencyTable =>
  parseTable(readText(file, "It is what nas latency measure or nas latency import writes."), file);

/** A table as the text of its file, one row a line, in the order of kinds and keys. */
export function formatTable({ rows, ...head }: LatencyTable): string {
  const rank = ({ kind }: Row) => rowKinds.indexOf(kind);
  const sorted = [...rows].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const lines = sorted.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  const top = JSON.stringify(head, null, 2).replace(/\n\}$/, "");
  return `${top},\n  "rows": [\n${lines}\n  ]\n}\n`;
}

/** Write a table; whoever reads the file sees the old one or the new one, whole. */
export async function writeTable(file: string, table: LatencyTable): Promise<void> {
  const part = `${file}.part-${process.pid}`;
  try {
    await writeFile(part, formatTable(table));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
