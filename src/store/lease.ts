import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { exitCodes, UserError } from "../base/errors.js";
import type { Database } from "./database.js";

const renewEveryMs = 2000;
/** A holder that has not renewed for this long has lost its lease. */
const staleAfterMs = 15_000;

/** The right to drive a run, of one process at a time. */
export interface Lease {
  readonly holder: string;
  /** Aborted when another process has taken the lease. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

interface Row {
  readonly holder: string;
  readonly host: string;
  readonly pid: number;
  readonly renewed_at: number;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Dead, but not yet taken note of by its parent, which in a container may be never. Only Linux tells. */
const isZombie = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && /\) Z [^)]*$/.test(readFileSync(stat, "utf8"));
};

const isHeld = (row: Row): boolean =>
  Date.now() - row.renewed_at < staleAfterMs && (row.host !== hostname() || isAlive(row.pid));

/**
 * Take a run's lease, and renew it until it is released. A process that was
 * killed holds no lease.
 *
 * @throws UserError  (exit code 6) when another process drives the run
 */
export async function takeLease(db: Database, run: string): Promise<Lease> {
  const holder = randomUUID();
  await db.exec("BEGIN IMMEDIATE");
  try {
    const [row] = await db.all<Row>("SELECT holder, host, pid, renewed_at FROM lease");
    if (row !== undefined && isHeld(row))
      throw new UserError(
        `run ${run} is being driven by process ${row.pid} on ${row.host}`,
        "Wait for it or end it; looking (nas show) is always possible.",
        exitCodes.locked,
      );
    await db.run(
      "INSERT OR REPLACE INTO lease (id, holder, host, pid, renewed_at) VALUES (1, ?, ?, ?, ?)",
      holder,
      hostname(),
      process.pid,
      Date.now(),
    );
    await db.exec("COMMIT");
  } catch (error) {
    await db.exec("ROLLBACK");
    throw error;
  }
  const lost = new AbortController();
  const renew = async () => {
    const { changes } = await db.run("UPDATE lease SET renewed_at = ? WHERE holder = ?", Date.now(), holder);
    if (changes === 0)
      lost.abort(
        new UserError(
          `run ${run} was taken over by another process`,
          "This one was stopped or asleep for too long.",
          exitCodes.locked,
        ),
      );
  };
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewing.then(renew).catch((error) => lost.abort(error));
  }, renewEveryMs);
  timer.unref();
  return {
    holder,
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      await renewing;
      await db.run("DELETE FROM lease WHERE holder = ?", holder);
    },
  };
}
