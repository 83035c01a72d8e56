import { UserError } from "../base/errors.js";
import type { RowKind } from "../latency/table.js";
import { openDatabase } from "./database.js";

/** One timing of a row, as it is kept while a table is measured. */
export interface StoredVisit {
  readonly kind: RowKind;
  readonly key: string;
  /** From 0: the how-manieth of its row. */
  readonly number: number;
  readonly ms: number;
  readonly count: number;
  readonly spreadMs: number;
  /** What the reference kernel took then, of what it took at the start. */
  readonly drift: number;
}

/** The visits of a table that is being measured; the table's file is made of them in the end. */
export interface Visits {
  readonly stored: readonly StoredVisit[];
  /** On disk once it resolves: one transaction. */
  append(visit: StoredVisit): Promise<void>;
  close(): Promise<void>;
}

const schema = /* sql */ `
  CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), about TEXT NOT NULL) STRICT;
  CREATE TABLE visit (
    kind      TEXT    NOT NULL CHECK (kind IN ('kernel', 'block', 'network')),
    key       TEXT    NOT NULL,
    number    INTEGER NOT NULL CHECK (number >= 0),
    ms        REAL    NOT NULL CHECK (ms >= 0),
    count     INTEGER NOT NULL CHECK (count > 0),
    spread_ms REAL    NOT NULL CHECK (spread_ms >= 0),
    drift     REAL    NOT NULL CHECK (drift > 0),
    PRIMARY KEY (kind, key, number)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * The visits kept in a file, made where there is none.
 *
 * @param about  what the visits have in common: device, runtime, threads
 * @throws UserError  when the file's visits are of something else
 */
export async function openVisits(file: string, about: string): Promise<Visits> {
  const db = await openDatabase(file, [schema]);
  try {
    await db.run("INSERT OR IGNORE INTO session (id, about) VALUES (1, ?)", about);
    const [session] = await db.all<{ about: string }>("SELECT about FROM session");
    if (session!.about !== about)
      throw new UserError(
        `${file} was begun under other conditions: ${session!.about}, now ${about}`,
        "Finish it there, or take the file away to begin again.",
      );
    const stored = await db.all<StoredVisit>(
      "SELECT kind, key, number, ms, count, spread_ms AS spreadMs, drift FROM visit ORDER BY number",
    );
    return {
      stored,
      async append({ kind, key, number, ms, count, spreadMs, drift }) {
        await db.run(
          "INSERT INTO visit (kind, key, number, ms, count, spread_ms, drift) VALUES (?, ?, ?, ?, ?, ?, ?)",
          ...[kind, key, number, ms, count, spreadMs, drift],
        );
      },
      close: () => db.close(),
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
