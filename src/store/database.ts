import type sqlite3 from "sqlite3";
import { exitCodes, UserError } from "../base/errors.js";
import { migrations } from "./migrations/index.js";

/** `write` makes the file where there is none. */
type Mode = "read" | "write";

type Parameter = string | number | null;

/** A SQLite database, by promises. */
export interface Database {
  run(sql: string, ...parameters: readonly Parameter[]): Promise<{ readonly changes: number }>;
  all<Row>(sql: string, ...parameters: readonly Parameter[]): Promise<readonly Row[]>;
  /** Several statements without parameters. */
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The native module, loaded when first needed, so that what needs no run works without it.
 *
 * @throws UserError  (exit code 1) when it cannot be loaded
 */
export async function loadSqlite(): Promise<typeof sqlite3> {
  try {
    return (await import("sqlite3")).default;
  } catch (error) {
    throw new UserError(
      `SQLite cannot be loaded: ${(error as Error).message.split("\n")[0]}`,
      "Run: npm rebuild sqlite3",
      exitCodes.runtime,
    );
  }
}

async function open(file: string, mode: Mode): Promise<Database> {
  const sqlite3 = await loadSqlite();
  const flags = mode === "read" ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  return new Promise((resolve, reject) => {
    const db = new sqlite3.Database(file, flags, (error) => {
      if (error) return reject(error);
      resolve({
        run: (sql, ...parameters) =>
          new Promise((done, fail) => {
            db.run(sql, parameters, function (e) {
              if (e) fail(e);
              else done({ changes: this.changes });
            });
          }),
        all: <Row>(sql: string, ...parameters: readonly Parameter[]) =>
          new Promise<readonly Row[]>((done, fail) => {
            db.all(sql, parameters, (e, rows) => (e ? fail(e) : done(rows as Row[])));
          }),
        exec: (sql) => new Promise((done, fail) => db.exec(sql, (e) => (e ? fail(e) : done()))),
        close: () => new Promise((done, fail) => db.close((e) => (e ? fail(e) : done()))),
      });
    });
    db.configure("busyTimeout", 5000);
  });
}

async function migrate(db: Database, file: string, steps: readonly string[]): Promise<void> {
  const version = await versionOf(db);
  if (version > steps.length)
    throw new UserError(
      `${file} was made by a newer nas (schema ${version})`,
      `This one knows up to ${steps.length}; update it.`,
    );
  for (let n = version; n < steps.length; n++)
    await db.exec(`BEGIN IMMEDIATE; ${steps[n]} PRAGMA user_version = ${n + 1}; COMMIT;`);
}

const versionOf = async (db: Database): Promise<number> =>
  (await db.all<{ user_version: number }>("PRAGMA user_version"))[0]!.user_version;

async function opened(file: string, mode: Mode, prepare: (db: Database) => Promise<void>): Promise<Database> {
  let db: Database | undefined;
  try {
    db = await open(file, mode);
    await prepare(db);
    return db;
  } catch (error) {
    await db?.close();
    throw explain(error, file);
  }
}

function explain(error: unknown, file: string): unknown {
  switch ((error as { code?: string }).code) {
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return new UserError(
        `${file} is not a readable database: it is damaged, or not one of nas`,
        "Restore it from a copy, or start another run.",
        exitCodes.data,
      );
    case "SQLITE_CANTOPEN":
      return new UserError(
        `cannot open ${file}`,
        "Check that the folder is there and may be read and written.",
      );
    case "SQLITE_READONLY":
      return new UserError(`${file} may not be written`, "Check the permissions of the file and its folder.");
    case "SQLITE_BUSY":
      return new UserError(
        `${file} is locked by another process`,
        "Try again when it has finished.",
        exitCodes.locked,
      );
    default:
      return error;
  }
}

/**
 * A run's database, made or brought up to date: WAL, every commit on disk
 * before it returns, foreign keys on.
 *
 * @param steps  the migrations of another kind of database
 * @throws UserError  when the file cannot be opened, is damaged, or is of a newer nas
 */
export const openDatabase = (file: string, steps: readonly string[] = migrations): Promise<Database> =>
  opened(file, "write", async (db) => {
    await db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    await migrate(db, file, steps);
    const damage = await db.all<{ quick_check: string }>("PRAGMA quick_check(1)");
    if (damage[0]?.quick_check !== "ok")
      throw Object.assign(new Error("corrupt"), { code: "SQLITE_CORRUPT" });
  });

/**
 * A run's database to look at, never written: a live run is not disturbed.
 *
 * @throws UserError  when the file cannot be opened, is damaged, or is of another schema
 */
export const openReadOnly = (file: string): Promise<Database> =>
  opened(file, "read", async (db) => {
    const version = await versionOf(db);
    if (version !== migrations.length)
      throw new UserError(
        `${file} has schema ${version}, this nas reads ${migrations.length}`,
        version === 0
          ? "It is not a run of nas."
          : "Resume it once with this version, or use the one that made it.",
        exitCodes.data,
      );
  });
