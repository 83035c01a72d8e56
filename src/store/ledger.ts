import type { Screened } from "../search/screen.js";
import type { Settings } from "../search/settings.js";
import type { Answered } from "../search/supernet/run.js";
import type { Trial } from "../search/trial.js";
import type { Database } from "./database.js";

/** What a run is, beside its trials. */
export interface RunRecord {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Of the nas that made it. */
  readonly version: string;
  readonly settings: Settings;
}

interface RunRow {
  readonly name: string;
  readonly created_at: string;
  readonly version: string;
  readonly plan: string;
}

/** Every column of a trial, and the field it holds. */
const columns = {
  number: "number",
  genome: "genome",
  hash: "hash",
  status: "status",
  why: "why",
  accuracy: "accuracy",
  accuracy_kind: "accuracyKind",
  score: "score",
  latency_ms: "latencyMs",
  latency_low_ms: "latencyLowMs",
  latency_high_ms: "latencyHighMs",
  latency_kind: "latencyKind",
  params: "params",
  macs: "macs",
  peak_activation_bytes: "peakActivationBytes",
  energy_mj: "energyMj",
  rejected: "rejected",
  duplicate_of: "duplicateOf",
  asked_epochs: "askedEpochs",
  epochs: "epochs",
  engine: "engine",
  seconds: "seconds",
} as const satisfies Record<string, keyof Trial>;

const names = Object.keys(columns) as (keyof typeof columns)[];

export async function readRun(db: Database): Promise<RunRecord | undefined> {
  const [row] = await db.all<RunRow>("SELECT name, created_at, version, plan FROM run");
  return (
    row && {
      name: row.name,
      createdAt: row.created_at,
      version: row.version,
      settings: JSON.parse(row.plan) as Settings,
    }
  );
}

export async function writeRun(db: Database, run: RunRecord): Promise<void> {
  await db.run(
    "INSERT INTO run (id, name, created_at, version, plan) VALUES (1, ?, ?, ?, ?)",
    run.name,
    run.createdAt,
    run.version,
    JSON.stringify(run.settings),
  );
}

/** New budget or data folder; the meaning never changes. */
export async function updateSettings(db: Database, settings: Settings): Promise<void> {
  await db.run("UPDATE run SET plan = ?", JSON.stringify(settings));
}

/** All finished trials in ask order. */
export async function readTrials(db: Database): Promise<readonly Trial[]> {
  const rows = await db.all<Record<keyof typeof columns, unknown>>(
    `SELECT ${names.join(", ")} FROM trial ORDER BY number`,
  );
  return rows.map(
    (row) =>
      Object.fromEntries(
        names.map((name) => [
          columns[name],
          name === "epochs" ? JSON.parse(row.epochs as string) : row[name],
        ]),
      ) as unknown as Trial,
  );
}

/**
 * Store an answer; it is on disk once this resolves.
 *
 * @throws Error  when the lease is no longer this holder's, with nothing written
 */
export async function appendTrial(db: Database, trial: Trial, holder: string): Promise<void> {
  const values = names.map((name) => {
    const value = trial[columns[name]];
    return name === "epochs" ? JSON.stringify(value) : (value as string | number | null);
  });
  const { changes } = await db.run(
    `INSERT INTO trial (${names.join(", ")}) SELECT ${names.map(() => "?").join(", ")}
     WHERE EXISTS (SELECT 1 FROM lease WHERE holder = ?)`,
    ...values,
    holder,
  );
  if (changes === 0) throw new Error("the lease of this run was lost; the answer was not stored");
}

/** All answers of the run's supernet in ask order; none where it has none. */
export async function readAnswers(db: Database): Promise<readonly Answered[]> {
  const rows = await db.all<{ number: number; question: string; answer: string }>(
    "SELECT number, question, answer FROM supernet ORDER BY number",
  );
  return rows.map(({ number, question, answer }) => ({
    number,
    question,
    answer: JSON.parse(answer) as Answered["answer"],
  }));
}

/**
 * Store an answer of a supernet; it is on disk once this resolves.
 *
 * @throws Error  when the lease is no longer this holder's, with nothing written
 */
export async function appendAnswer(db: Database, answered: Answered, holder: string): Promise<void> {
  const { number, question, answer } = answered;
  const { changes } = await db.run(
    `INSERT INTO supernet (number, question, answer) SELECT ?, ?, ?
     WHERE EXISTS (SELECT 1 FROM lease WHERE holder = ?)`,
    number,
    question,
    JSON.stringify(answer),
    holder,
  );
  if (changes === 0) throw new Error("the lease of this run was lost; the answer was not stored");
}

/** All candidates that proxies screened, in the order they were looked at. */
export const readScreened = (db: Database): Promise<readonly Screened[]> =>
  db.all<Screened>("SELECT number, trial, proxy, genome, score, why, seconds FROM screening ORDER BY number");

/**
 * Store what a proxy says of a candidate; it is on disk once this resolves.
 *
 * @throws Error  when the lease is no longer this holder's, with nothing written
 */
export async function appendScreened(db: Database, screened: Screened, holder: string): Promise<void> {
  const { number, trial, proxy, genome, score, why, seconds } = screened;
  const { changes } = await db.run(
    `INSERT INTO screening (number, trial, proxy, genome, score, why, seconds) SELECT ?, ?, ?, ?, ?, ?, ?
     WHERE EXISTS (SELECT 1 FROM lease WHERE holder = ?)`,
    ...[number, trial, proxy, genome, score, why, seconds],
    holder,
  );
  if (changes === 0) throw new Error("the lease of this run was lost; the answer was not stored");
}
