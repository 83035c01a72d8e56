import { existsSync } from "node:fs";
import { access, constants, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { exitCodes, UserError } from "../base/errors.js";
import { closest } from "../base/lookup.js";
import type { Screened } from "../search/screen.js";
import type { Settings } from "../search/settings.js";
import type { Answered } from "../search/supernet/run.js";
import type { Trial } from "../search/trial.js";
import { type Database, openDatabase, openReadOnly } from "./database.js";
import { type Lease, takeLease } from "./lease.js";
import {
  appendAnswer,
  appendScreened,
  appendTrial,
  type RunRecord,
  readAnswers,
  readRun,
  readScreened,
  readTrials,
  updateSettings,
  writeRun,
} from "./ledger.js";

const databaseIn = (dir: string): string => join(dir, "run.db");

/** A run this process drives. */
export interface OpenRun {
  readonly record: RunRecord;
  readonly dir: string;
  /** Finished before it was opened, in ask order. */
  readonly trials: readonly Trial[];
  /** Of its supernet before it was opened, in ask order. */
  readonly answers: readonly Answered[];
  /** Candidates that proxies screened before it was opened, in the order they were looked at. */
  readonly screened: readonly Screened[];
  /** Aborted when another process has taken the run over. */
  readonly lost: AbortSignal;
  append(trial: Trial): Promise<void>;
  appendAnswer(answered: Answered): Promise<void>;
  appendScreened(screened: Screened): Promise<void>;
  update(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

/** A run as anyone may look at it. */
export interface SeenRun {
  readonly record: RunRecord;
  readonly dir: string;
  readonly trials: readonly Trial[];
  readonly answers: readonly Answered[];
  readonly screened: readonly Screened[];
}

const driven = (db: Database, lease: Lease, run: SeenRun): OpenRun => ({
  ...run,
  lost: lease.lost,
  append: (trial) => appendTrial(db, trial, lease.holder),
  appendAnswer: (answered) => appendAnswer(db, answered, lease.holder),
  appendScreened: (screened) => appendScreened(db, screened, lease.holder),
  update: (settings) => updateSettings(db, settings),
  async close() {
    await lease.release();
    await db.close();
  },
});

/**
 * Check that a run can be made in a folder, without making anything.
 *
 * @throws UserError  when it holds a run already, is no folder, or may not be written
 */
export async function checkNewRun(dir: string): Promise<void> {
  if (existsSync(databaseIn(dir)))
    throw new UserError(
      `${dir} holds a run already`,
      `Continue it with: nas resume ${dir}; or name another folder with --run-dir.`,
    );
  let parent = resolve(dir);
  while (!existsSync(parent)) parent = dirname(parent);
  if (!(await stat(parent)).isDirectory())
    throw new UserError(
      `cannot make the run folder ${dir}: ${parent} is a file`,
      "Name another with --run-dir.",
    );
  await access(parent, constants.W_OK | constants.X_OK).catch(() => {
    throw new UserError(
      `cannot make the run folder ${dir}: ${parent} may not be written`,
      "Name another with --run-dir.",
    );
  });
}

/**
 * Make a run's folder and database, and drive it. What could not be finished is taken away again.
 *
 * @throws UserError  as `checkNewRun`, or when the file system refuses
 */
export async function createRun(dir: string, record: RunRecord): Promise<OpenRun> {
  await checkNewRun(dir);
  const made = await mkdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`cannot make the run folder ${dir}: ${error.code}`, "Name another with --run-dir.");
  });
  try {
    const db = await openDatabase(databaseIn(dir));
    await writeRun(db, record);
    return driven(db, await takeLease(db, record.name), {
      record,
      dir,
      trials: [],
      answers: [],
      screened: [],
    });
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
}

const rowsOf = async (db: Database) => ({
  trials: await readTrials(db),
  answers: await readAnswers(db),
  screened: await readScreened(db),
});

const notARun = (dir: string) =>
  new UserError(
    `${databaseIn(dir)} holds no run`,
    "It was damaged or cut short; start another run.",
    exitCodes.data,
  );

/**
 * Drive a run that is there.
 *
 * @throws UserError  when it is damaged (5) or another process drives it (6)
 */
export async function continueRun(dir: string): Promise<OpenRun> {
  const db = await openDatabase(databaseIn(dir));
  try {
    const record = await readRun(db);
    if (record === undefined) throw notARun(dir);
    const lease = await takeLease(db, record.name);
    return driven(db, lease, { record, dir, ...(await rowsOf(db)) });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * Look at a run, live or not, without writing.
 *
 * @throws UserError  when it is damaged or no run
 */
export async function seeRun(dir: string): Promise<SeenRun> {
  const db = await openReadOnly(databaseIn(dir));
  try {
    const record = await readRun(db);
    if (record === undefined) throw notARun(dir);
    return { record, dir, ...(await rowsOf(db)) };
  } finally {
    await db.close();
  }
}

/** Folders of runs under `root`, newest first. */
export async function listRuns(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const dirs = entries.filter((e) => e.isDirectory()).map((e) => join(root, e.name));
  const found = dirs.filter((dir) => existsSync(databaseIn(dir)));
  const times = await Promise.all(found.map(async (dir) => (await stat(databaseIn(dir))).birthtimeMs));
  return found
    .map((dir, i) => ({ dir, time: times[i]! }))
    .sort((a, b) => b.time - a.time)
    .map(({ dir }) => dir);
}

/**
 * The folder of a run that a user names: a path, a name under `root`, or, unnamed, the newest there.
 *
 * @throws UserError  when there is none
 */
export async function findRun(root: string, name: string | undefined): Promise<string> {
  const runs = await listRuns(root);
  if (name === undefined) {
    if (runs[0] !== undefined) return runs[0];
    throw new UserError(
      `there are no runs under ${root}`,
      "Start one with nas search, or name a run's folder.",
    );
  }
  for (const dir of [join(root, name), name]) if (existsSync(databaseIn(dir))) return dir;
  const known = runs.map((dir) => basename(dir));
  const guess = closest(name, known);
  throw new UserError(
    `no run "${name}" under ${root}, and no run in a folder of that name`,
    `${guess ? `Did you mean ${guess}? ` : ""}See nas runs.`,
  );
}
