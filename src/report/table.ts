/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
  /** Left out where the table is too wide, the largest first; a column without it always stays. */
  readonly drop?: number;
}

const gap = "  ";

/**
 * Rows as aligned text under a line of titles, no wider than `width` where columns may be
 * dropped or the last one cut ("…") to make it so.
 *
 * @param width  in characters; infinite for a pipe
 */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  let left = columns.map((column) => {
    const cells = [column.title, ...rows.map(column.of)];
    return { ...column, cells, wide: Math.max(...cells.map((cell) => cell.length)) };
  });
  const total = () => left.reduce((sum, { wide }) => sum + wide, gap.length * (left.length - 1));
  for (const { drop } of left.filter((c) => c.drop !== undefined).sort((a, b) => b.drop! - a.drop!))
    if (total() > width) left = left.filter((column) => column.drop !== drop);
  return Array.from({ length: rows.length + 1 }, (_, i) =>
    cut(
      left
        .map(({ cells, wide, right }) => aligned(cells[i]!, wide, right))
        .join(gap)
        .trimEnd(),
      width,
    ),
  ).join("\n");
}

const aligned = (cell: string, wide: number, right = false): string =>
  right ? cell.padStart(wide) : cell.padEnd(wide);

const cut = (line: string, width: number): string =>
  line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;

/** Names and values, one pair a line, values aligned; without those that are undefined. */
export function pairs(rows: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const wide = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(wide)}${gap}${value}`.trimEnd()).join("\n");
}
