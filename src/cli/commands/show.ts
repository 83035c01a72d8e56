import { exitCodes, UserError } from "../../base/errors.js";
import { ratedKnee, showRatedBaseline, showScore, showScreening } from "../../report/rated.js";
import { count, showBaseline, showCosts, showEnergy, showLatency, showLimits } from "../../report/search.js";
import { describeSupernet, secondsOf, supernetSummary, supernetTables } from "../../report/supernet.js";
import { pairs, table } from "../../report/table.js";
import { showCount, showDuration, showPercent } from "../../report/unit.js";
import { baselineOf, ratedBaseline } from "../../search/baseline.js";
import { frontOf, ratedFront } from "../../search/goal.js";
import { highestRated, isScored, winner } from "../../search/objective.js";
import { betterOf } from "../../search/scalar.js";
import { screeningOf } from "../../search/screened.js";
import { aimOf, limitsOf, type Meaning } from "../../search/settings.js";
import { tradeOff } from "../../search/tradeOff.js";
import type { Trial } from "../../search/trial.js";
import { findRun, type SeenRun, seeRun } from "../../store/run.js";
import { defineCommand } from "../command.js";
import type { Io } from "../io.js";
import { printJson } from "../json.js";
import * as option from "../option.js";

export const show = defineCommand({
  summary: "show a run and its trials, or one trial; a live run is not disturbed",
  examples: ["nas show", "nas show iphone13-npu-20261121-101500 --json", "nas show ./my-run --trial 7"],
  arguments: { run: option.text(undefined, "name under runs/, or folder; the newest without it", "run") },
  options: {
    trial: option.count(undefined, "number of one trial to show whole", { least: 0 }),
    json: option.json,
  },
  async run({ run, trial, json }, io) {
    const seen = await seeRun(await findRun("runs", run));
    const trials = trial === undefined ? seen.trials : [pick(seen, trial)];
    if (json) return printJson(io, { ...described(seen), trials });
    if (trial === undefined) printRun(seen, io);
    else printTrial(trials[0]!, io);
  },
});

function pick({ trials, record }: SeenRun, number: number): Trial {
  const found = trials.find((t) => t.number === number);
  if (found !== undefined) return found;
  throw new UserError(
    `run ${record.name} has no trial ${number}`,
    trials.length === 0 ? "It has none yet." : `It has 0 to ${trials.length - 1}.`,
    exitCodes.usage,
  );
}

function described({ record, dir, trials, answers, screened }: SeenRun) {
  const { meaning, budget, dataDir } = record.settings;
  const { aim: _, ...rest } = meaning;
  const aim = aimOf(meaning);
  const found = tradeOff(trials, aim);
  const rated = ratedFront(trials, aim.objectives);
  return {
    run: record.name,
    dir,
    createdAt: record.createdAt,
    version: record.version,
    ...rest,
    schedule: meaning.schedule ?? null,
    ranking: meaning.ranking ?? null,
    warmUp: meaning.warmUp ?? null,
    filter: meaning.filter ?? null,
    screening: screeningOf(screened, trials) ?? null,
    ...aim,
    proxy: aim.proxy ?? null,
    space: meaning.space.name,
    dataDir,
    counts: count(trials, budget.trials),
    winner: winner(trials, betterOf(aim)) ?? highestRated(trials) ?? null,
    front: aim.proxy === undefined ? frontOf(trials, aim.objectives) : rated,
    hypervolume: found?.hypervolume ?? null,
    knee: (found?.knee ?? ratedKnee(rated, meaning))?.number ?? null,
    baseline: baselineOf(meaning, trials, secondsOf(answers)) ?? null,
    supernet: describeSupernet(answers, trials, meaning.strategyOptions),
  };
}

function printRun(seen: SeenRun, io: Io): void {
  const { record, trials, answers, screened } = seen;
  const { meaning, budget } = record.settings;
  const { scored, rated, failed, skipped, duplicates, rejected } = count(trials, budget.trials);
  const { proxy, objectives } = aimOf(meaning);
  const best = winner(trials, betterOf(aimOf(meaning)));
  const highest = highestRated(trials);
  const onFront: readonly Trial[] =
    proxy === undefined ? frontOf(trials, objectives) : ratedFront(trials, objectives);
  const front = new Set(onFront.map((t) => t.number));
  io.print(io.style.bold(`${record.name}, made ${record.createdAt} by nas ${record.version}`));
  io.print(
    pairs([
      [
        "target",
        [meaning.target, showLimits(limitsOf(meaning)).join(", ")].filter(Boolean).join(", at most "),
      ],
      ["space", `${meaning.space.name}: ${meaning.space.title}`],
      ["strategy", strategyLine(meaning)],
      [
        "training",
        proxy === undefined
          ? `${meaning.fidelity.epochs} epochs on ${meaning.fidelity.images} images of ${meaning.data.name}, batches of ${meaning.fidelity.batch}, engine ${meaning.engine}`
          : `none: ${proxy} rates networks, on ${meaning.data.name}, engine ${meaning.engine}`,
      ],
      [
        "trials",
        `${trials.length}/${budget.trials}: ${proxy === undefined ? `${scored} scored` : `${rated} rated`}, ${failed} failed, ${skipped} skipped, ${duplicates} duplicates; ${rejected} rejected by the estimate`,
      ],
      [
        "winner",
        best &&
          `trial ${best.number}, ${showPercent(best.accuracy)} ${best.accuracyKind} accuracy, ${showLatency(best)}`,
      ],
      [
        `highest`,
        highest && `trial ${highest.number}, ${proxy} ${showScore(highest.score)}, ${showLatency(highest)}`,
      ],
      ["", (best ?? highest)?.genome],
      ["baseline", highest && showRatedBaseline(ratedBaseline(meaning, trials), meaning)],
      ["baseline", best && showBaseline(baselineOf(meaning, trials, secondsOf(answers)), meaning)],
      ...showScreening(meaning, screeningOf(screened, trials)),
      ...supernetSummary(answers, trials, Number(meaning.strategyOptions.trust ?? 0)).map(
        (line, i) => [i === 0 ? "supernet" : "", line] as const,
      ),
    ]),
  );
  for (const part of supernetTables(answers, trials, io.width)) {
    io.print("");
    io.print(part);
  }
  if (trials.length === 0) return;
  io.print("");
  io.print(
    table(
      [
        { title: "trial", of: (t) => String(t.number), right: true },
        {
          title: "",
          of: (t) => (t.number === (best ?? highest)?.number ? "best" : front.has(t.number) ? "front" : ""),
        },
        {
          title: proxy ?? "proxy accuracy",
          of: (t) =>
            isScored(t) ? showPercent(t.accuracy) : t.status === "rated" ? showScore(t.score) : t.status,
          right: true,
        },
        ...(meaning.schedule === undefined && meaning.ranking === undefined
          ? []
          : [{ title: "epochs", of: (t: Trial) => String(t.askedEpochs ?? ""), right: true }]),
        { title: "latency", of: showLatency },
        { title: "params", of: (t) => showCount(t.params), right: true, drop: 2 },
        { title: "MACs", of: (t) => showCount(t.macs), right: true, drop: 3 },
        { title: "energy proxy", of: showEnergy, right: true, drop: 4 },
        { title: "took", of: (t) => showDuration(t.seconds * 1000), right: true, drop: 5 },
        { title: "network", of: (t) => t.hash, drop: 6 },
        {
          title: "",
          of: (t) => t.why ?? (t.duplicateOf === null ? "" : `same as ${t.duplicateOf}`),
          drop: 1,
        },
      ],
      trials,
      io.width,
    ),
  );
}

function strategyLine({ ranking, strategy, schedule, seed, ahead }: Meaning): string {
  if (ranking !== undefined)
    return `none: ${ranking.networks} networks, ${ranking.repeats} times ${ranking.short.epochs} epochs on ${ranking.short.images} images and ${ranking.repeats} times as long as below, seed ${seed}; what it came to: nas resume`;
  return `${[strategy, schedule?.name].filter(Boolean).join(" with ")}, seed ${seed}, ${ahead} ahead`;
}

function printTrial(trial: Trial, io: Io): void {
  io.print(io.style.bold(`Trial ${trial.number}: ${trial.status}`));
  io.print(
    pairs([
      ["genome", trial.genome],
      [
        "network",
        trial.hash + (trial.duplicateOf === null ? "" : `, the same as trial ${trial.duplicateOf}`),
      ],
      ["why", trial.why ?? undefined],
      ["accuracy", isScored(trial) ? `${showPercent(trial.accuracy)}, ${trial.accuracyKind}` : undefined],
      [
        "score",
        trial.status === "rated" ? `${showScore(trial.score)}, by the run's proxy; no accuracy` : undefined,
      ],
      ["latency", showLatency(trial)],
      ["cost", showCosts(trial)],
      ["engine", trial.engine ?? undefined],
      ["took", showDuration(trial.seconds * 1000)],
    ]),
  );
  if (trial.epochs.length === 0) return;
  io.print("");
  io.print(
    table(
      [
        { title: "epoch", of: (e) => String(e.epoch), right: true },
        { title: "loss", of: (e) => e.loss.toFixed(4), right: true },
        { title: "train", of: (e) => showPercent(e.trainAccuracy), right: true },
        {
          title: "validation",
          of: (e) => `${showPercent(e.validationAccuracy)} of ${e.validated}`,
          right: true,
        },
        { title: "images/s", of: (e) => (e.images / e.seconds).toFixed(0), right: true, drop: 1 },
      ],
      trial.epochs,
      io.width,
    ),
  );
}
