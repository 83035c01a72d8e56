import { resolve } from "node:path";
import { UserError } from "../../base/errors.js";
import { modelHash } from "../../latency/modelHash.js";
import { openTarget } from "../../latency/openTarget.js";
import { aimOf, checkSame, type Meaning, type Said } from "../../search/settings.js";
import { continueRun, findRun, type OpenRun } from "../../store/run.js";
import { openDataset } from "../../train/openDataset.js";
import { defineCommand } from "../command.js";
import { type Given, json, text } from "../option.js";
import { rankingToEnd } from "../rankingToEnd.js";
import { runToEnd } from "../runToEnd.js";
import { limitsOf, resumeOptions, screensOf, strategyOptionsOf } from "../searchOptions.js";

const { runDir: _, ...options } = resumeOptions;

export const resume = defineCommand({
  summary: "continue a run that was stopped, or give a finished one a larger budget",
  description:
    "The result is the one the run would have had without the stop. Flags may repeat how the run was\n" +
    "made; one that would change what it means is refused. Budgets (--trials, --workers) may change.",
  examples: [
    "nas resume",
    "nas resume iphone13-npu-20261121-101500 --trials 60",
    "nas resume ./my-run --workers 4",
  ],
  arguments: { run: text(undefined, "name under runs/, or folder; the newest without it", "run") },
  options: { ...options, json },
  async run(given, io) {
    const run = await continueRun(await findRun("runs", given.run));
    const { dataset, settings } = await checked(run, given).catch(async (error) => {
      await run.close();
      throw error;
    });
    const going = { ...run, record: { ...run.record, settings } };
    const { ranking } = settings.meaning;
    return ranking === undefined
      ? runToEnd(going, dataset, { ...given, io })
      : rankingToEnd(going, ranking, dataset, { ...given, io });
  },
});

/** The schedule that is said again, its options on top of those the run has. */
function scheduleSaid(
  { schedule, scheduleOptions }: Given<typeof options>,
  made: Meaning["schedule"],
): Meaning["schedule"] {
  if (schedule === undefined && scheduleOptions === undefined) return undefined;
  return { name: schedule?.name ?? made?.name ?? "none", options: { ...made?.options, ...scheduleOptions } };
}

/** The data and settings to go on with, stored, once nothing said changes what the run means. */
async function checked(run: OpenRun, given: Given<typeof options>) {
  const { name, settings } = run.record;
  const { meaning, budget } = settings;
  const aim = aimOf(meaning);
  const dataDir = given.data === undefined ? settings.dataDir : resolve(given.data);
  const dataset = await openDataset(dataDir ?? undefined);
  const again = strategyOptionsOf(given);
  const said: Said = {
    target: given.target?.name,
    targetModel: modelHash(openTarget(meaning.target)),
    space: given.space,
    maxLatencyMs: given.maxLatency,
    aim: {
      ...aim,
      ...given.objective,
      ...(given.scalarise === undefined ? {} : { weight: given.scalarise }),
      limits: { ...aim.limits, ...limitsOf(given) },
    },
    strategy: given.strategy?.name,
    strategyOptions: again && { ...meaning.strategyOptions, ...again },
    schedule: scheduleSaid(given, meaning.schedule),
    ...screensOf(given, meaning),
    seed: given.seed,
    ahead: given.ahead,
    fidelity: {
      epochs: given.epochs ?? meaning.fidelity.epochs,
      images: given.images ?? meaning.fidelity.images,
      batch: given.batch ?? meaning.fidelity.batch,
    },
    engine: given.engine === "auto" ? undefined : given.engine,
    data: { name: dataset.name, hash: dataset.hash },
  };
  checkSame(name, { ...meaning, aim }, said);
  if (meaning.ranking !== undefined && (given.trials ?? budget.trials) !== budget.trials)
    throw new UserError(
      `run ${name} compares short and long training: it has ${budget.trials} trainings, no more and no fewer`,
      "For more networks or repeats start another: nas bench proxy.",
    );
  const changed = { meaning, budget: { trials: given.trials ?? budget.trials }, dataDir };
  await run.update(changed);
  return { dataset, settings: changed };
}
