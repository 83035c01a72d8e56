import { UserError } from "../base/errors.js";
import { identity, type LatencyTable, type Row } from "./table.js";

/** A row of two tables, or of one of them. */
export interface RowPair {
  readonly kind: Row["kind"];
  readonly key: string;
  /** Null where the table does not have the row. */
  readonly a: number | null;
  readonly b: number | null;
  /** b / a. */
  readonly ratio: number | null;
}

const nameOf = ({ kind, key }: Row) => `${kind} ${key}`;

/** Rows of both tables, those that differ most first, then those of one of them. */
export function compareTables(a: LatencyTable, b: LatencyTable): readonly RowPair[] {
  const ofA = new Map(a.rows.map((row) => [nameOf(row), row]));
  const ofB = new Map(b.rows.map((row) => [nameOf(row), row]));
  const all = [...a.rows, ...b.rows.filter((row) => !ofA.has(nameOf(row)))];
  const far = ({ ratio }: RowPair) => (ratio === null ? -1 : Math.abs(Math.log(ratio)));
  return all
    .map((row): RowPair => {
      const [x, y] = [ofA.get(nameOf(row))?.medianMs, ofB.get(nameOf(row))?.medianMs];
      return {
        kind: row.kind,
        key: row.key,
        a: x ?? null,
        b: y ?? null,
        ratio: x === undefined || y === undefined ? null : y / x,
      };
    })
    .sort((p, q) => far(q) - far(p));
}

/** In what two tables are not of one device, by field. */
export const differences = (a: LatencyTable, b: LatencyTable): readonly (typeof identity)[number][] =>
  identity.filter((field) => a[field] !== b[field]);

/**
 * The rows of both tables under the head of the first, without a model; of a row that both have,
 * that with more runs.
 *
 * @param force  also where devices or their software differ; the unit is one in any case
 * @throws UserError  when they do
 */
export function mergeTables(a: LatencyTable, b: LatencyTable, force: boolean): LatencyTable {
  const [other] = differences(a, b);
  if (other !== undefined && !force)
    throw new UserError(
      `the tables are of different devices: ${other} is ${JSON.stringify(a[other])} and ${JSON.stringify(b[other])}`,
      "Their rows do not add up to a network. With --force they are merged all the same.",
    );
  const rows = new Map(a.rows.map((row) => [nameOf(row), row]));
  for (const row of b.rows) {
    const before = rows.get(nameOf(row));
    if (before === undefined || row.count > before.count) rows.set(nameOf(row), row);
  }
  return { ...a, rows: [...rows.values()], model: null };
}
