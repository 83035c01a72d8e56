import { dirname, resolve } from "node:path";
import { UserError } from "../base/errors.js";
import { type EqualTime, equalTime, type NamedRan } from "../report/equalTime.js";
import { doneAt, standingAt, taskDifferences } from "../search/equalTime.js";
import { isScored } from "../search/objective.js";
import { listRuns, seeRun } from "../store/run.js";

/**
 * A run beside those of its task in the same folder, after the time it took itself; undefined where
 * there are none. Runs that cannot be read are passed over.
 */
export async function besideOthers(run: NamedRan, workers: number): Promise<EqualTime | undefined> {
  const dirs = (await listRuns(dirname(run.dir))).filter((dir) => resolve(dir) !== resolve(run.dir));
  const others = (await Promise.all(dirs.map(ranIn))).filter(
    (other) => other?.trials.some(isScored) && taskDifferences(run.meaning, other.meaning).length === 0,
  ) as readonly NamedRan[];
  if (others.length === 0) return undefined;
  return equalTime([run, ...others], workers, standingAt(doneAt(run, workers), 0).seconds);
}

async function ranIn(dir: string): Promise<NamedRan | undefined> {
  try {
    const { record, trials, answers, screened } = await seeRun(dir);
    return { dir, meaning: record.settings.meaning, trials, answers, screened };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
