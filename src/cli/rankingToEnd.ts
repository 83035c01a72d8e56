import { availableParallelism } from "node:os";
import { exitCodes } from "../base/errors.js";
import { cost } from "../graph/cost.js";
import { openTarget } from "../latency/openTarget.js";
import { rankedText } from "../report/ranked.js";
import { count, trialLine } from "../report/search.js";
import { showDuration } from "../report/unit.js";
import { evaluator } from "../search/evaluate.js";
import { measurer } from "../search/measure.js";
import { ranked } from "../search/ranked.js";
import { drawn, type Ranking, type Training, trainingsOf } from "../search/ranking.js";
import { aimOf, limitsOf } from "../search/settings.js";
import type { Trial } from "../search/trial.js";
import { build, proxyForm } from "../space/build.js";
import { parseGenome } from "../space/candidate.js";
import type { OpenRun } from "../store/run.js";
import { type Dataset, referenceOf } from "../train/dataset.js";
import { openPool } from "../train/pool.js";
import { prepareEngine } from "../train/prepareEngine.js";
import { trialTimeoutMs, workerMemoryMb } from "./drive.js";
import type { Io } from "./io.js";
import { printJson } from "./json.js";

interface Given {
  readonly workers: number | undefined;
  readonly json: boolean;
  readonly io: Io;
}

/**
 * Drive a run that measures what short training says of long training, and report it; trainings
 * that the ledger has are not done again. The run is closed in any case.
 *
 * @returns the exit code
 */
export async function rankingToEnd(
  run: OpenRun,
  ranking: Ranking,
  dataset: Dataset,
  given: Given,
): Promise<number> {
  const { io } = given;
  const { meaning } = run.record.settings;
  const { space, seed } = meaning;
  if (dataset.synthetic) io.note(`Data: ${dataset.title}. It is synthetic: give --data for real images.`);
  try {
    const measure = measurer(space, openTarget(meaning.target));
    const genomes = drawn(space, measure, limitsOf(meaning), { networks: ranking.networks, seed });
    const trainings = trainingsOf(ranking, genomes);
    const trials = await trained(run, ranking, trainings, dataset, given);
    io.status("");
    if (trials === undefined) {
      io.note(`Stopped; what is finished is kept. Continue with: nas resume ${run.dir}`);
      return exitCodes.interrupted;
    }
    const proxy = proxyForm(space, dataset);
    const found = ranked(
      ranking,
      trainings,
      trials,
      (genome) => cost(build(space, parseGenome(space, genome), proxy)).macs,
    );
    if (given.json)
      printJson(io, {
        run: run.record.name,
        dir: run.dir,
        target: meaning.target,
        space: space.name,
        maxLatencyMs: meaning.maxLatencyMs,
        limits: aimOf(meaning).limits,
        seed,
        data: referenceOf(dataset),
        engine: meaning.engine,
        networks: ranking.networks,
        repeats: ranking.repeats,
        short: ranking.short,
        long: meaning.fidelity,
        counts: count(trials, trainings.length),
        results: found ?? null,
      });
    else if (found !== undefined) io.print(rankedText({ meaning, found }, io.width, io.style));
    if (found !== undefined) return exitCodes.ok;
    io.note("Fewer than two networks were trained well every time, so there is nothing to rank.");
    return exitCodes.runtime;
  } finally {
    await run.close();
  }
}

/** The answers of all trainings, from the ledger as far as they are there; undefined after a signal. */
async function trained(
  run: OpenRun,
  ranking: Ranking,
  trainings: readonly Training[],
  dataset: Dataset,
  { workers: wanted, io }: Given,
): Promise<readonly Trial[] | undefined> {
  const { meaning } = run.record.settings;
  const { space, seed, engine, fidelity } = meaning;
  const stored = new Map(run.trials.map((trial) => [trial.number, trial]));
  const left = trainings.length - stored.size;
  const workers = Math.max(1, Math.min(wanted ?? availableParallelism(), left));
  const stop = AbortSignal.any([io.signal, run.lost]);
  prepareEngine(engine);
  const pool = openPool({ workers, dataset, memoryMb: workerMemoryMb, timeoutMs: trialTimeoutMs });
  const measure = measurer(space, openTarget(meaning.target));
  const answerOf = (trainedFor: typeof fidelity) =>
    evaluator({
      space,
      proxy: proxyForm(space, dataset),
      fidelity: trainedFor,
      engine,
      seed,
      limits: {},
      repeats: true,
      measure,
      train: (question) => pool.evaluate(question, stop),
      recall: (number) => stored.get(number),
      record: (trial) => run.append(trial),
    });
  const [short, long] = [answerOf(ranking.short), answerOf(fidelity)];
  const imagesOf = ({ isLong }: Training) => {
    const { epochs, images } = isLong ? fidelity : ranking.short;
    return epochs * images;
  };
  const toDo = trainings.filter(({ number }) => !stored.has(number));
  const all = toDo.reduce((sum, training) => sum + imagesOf(training), 0);
  const started = Date.now();
  let [done, seen] = [0, 0];
  try {
    return await Promise.all(
      trainings.map(async (training) => {
        const { number, genome, isLong } = training;
        const epochs = (isLong ? fidelity : ranking.short).epochs;
        const trial = await (isLong ? long : short)({ number, genome, rejected: 0, epochs });
        if (stored.has(number)) return trial;
        done++;
        seen += imagesOf(training);
        if (trial.status === "failed") io.note(trialLine(trial));
        const msLeft = ((Date.now() - started) * (all - seen)) / seen;
        io.status(
          `${stored.size + done}/${trainings.length} trainings${seen < all ? `, ${showDuration(msLeft)} left` : ""}`,
        );
        return trial;
      }),
    );
  } catch (error) {
    if (run.lost.aborted) throw run.lost.reason;
    if (!io.signal.aborted) throw error;
    return undefined;
  } finally {
    await pool.close();
  }
}
