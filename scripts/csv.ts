import { exitCodes, UserError } from "../src/base/errors.js";

/** Rows of a CSV file under its line of names. */
export interface Csv {
  readonly rows: readonly (readonly string[])[];
  /**
   * The fields of a name; a row that ends before it has "".
   *
   * @throws UserError  when no column has it
   */
  column(name: string): (row: readonly string[]) => string;
}

/** Fields of a line; one in quotes may hold commas. */
const fields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );

export function readCsv(text: string): Csv {
  const [head, ...rows] = text.trim().split(/\r?\n/).map(fields);
  return {
    rows,
    column(name) {
      const i = head!.indexOf(name);
      if (i < 0)
        throw new UserError(`the file has no column ${name}`, `It has: ${head!.join(", ")}.`, exitCodes.data);
      return (row) => row[i] ?? "";
    },
  };
}

/**
 * A latency.
 *
 * @param row  its row, from 0; the error counts lines of the file, from 1
 * @throws UserError  when it is no number above 0
 */
export function milliseconds(text: string, row: number, name: string): number {
  const ms = Number(text);
  if (!(ms > 0 && ms < Number.POSITIVE_INFINITY))
    throw new UserError(
      `line ${row + 2}: ${name} is "${text}"`,
      "It must be a number above 0.",
      exitCodes.data,
    );
  return ms;
}
