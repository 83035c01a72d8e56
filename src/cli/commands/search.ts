import { join, resolve } from "node:path";
import { exitCodes, UserError } from "../../base/errors.js";
import { didYouMean, names } from "../../base/lookup.js";
import { modelHash } from "../../latency/modelHash.js";
import { showLimits } from "../../report/search.js";
import { encodingOf } from "../../search/encoding.js";
import { fastest, medianLatencyMs } from "../../search/feasible.js";
import { excess, overLimits } from "../../search/goal.js";
import { readingOf } from "../../search/heldOut.js";
import { measurer } from "../../search/measure.js";
import { referenceOf } from "../../search/reference.js";
import type { Meaning, Settings } from "../../search/settings.js";
import * as strategies from "../../search/strategies/index.js";
import type { Options, Strategy } from "../../search/strategy.js";
import { build, proxyForm } from "../../space/build.js";
import { genomeAt, sizeOfSpace } from "../../space/moves.js";
import { createRun } from "../../store/run.js";
import { openDataset } from "../../train/openDataset.js";
import { prepareEngine } from "../../train/prepareEngine.js";
import { autoEngine } from "../autoEngine.js";
import { checkProxies } from "../checkProxies.js";
import { checkScalarise } from "../checkScalarise.js";
import { defineCommand } from "../command.js";
import { checkSupernet } from "../driveSupernet.js";
import { measureFirst } from "../measureFirst.js";
import { type Given, json, required } from "../option.js";
import { runName } from "../runName.js";
import { runToEnd } from "../runToEnd.js";
import { limitsOf, screensOf, searchOptions, strategyOptionsOf } from "../searchOptions.js";
import { version } from "../version.js";

/** Strategies that train a supernet. */
const trainers = Object.entries(strategies).filter(
  ([, { supernet }]: [string, Partial<Strategy>]) => supernet,
);

/** Defaults, and what is given instead. */
function optionsOf(what: string, defaults: Options, given: Options = {}): Options {
  const unknown = Object.keys(given).find((name) => !(name in defaults));
  if (unknown !== undefined)
    throw new UserError(`the ${what} has no option "${unknown}"`, didYouMean(unknown, Object.keys(defaults)));
  return { ...defaults, ...given };
}

/** The schedule that is asked for, with its options, if any. */
function scheduleOf({ schedule, scheduleOptions, epochs }: Given<typeof searchOptions>): Meaning["schedule"] {
  if (schedule === undefined) {
    if (scheduleOptions === undefined) return undefined;
    throw new UserError("--schedule-options needs a schedule", "Name one with --schedule.");
  }
  const options = optionsOf("schedule", schedule.value.defaults, scheduleOptions);
  schedule.value.check(options as never, epochs);
  return { name: schedule.name, options };
}

const threeDigits = (n: number): number => Number(n.toPrecision(3));

export const search = defineCommand({
  summary: "search a space for networks that are accurate and fast on a device",
  description:
    "Trains candidates briefly (proxy training) in worker threads, keeps every answer in the run's\n" +
    "SQLite ledger, and ends with the most accurate network within the limits; with several objectives\n" +
    "also with their front, its hypervolume and its knee. Estimates over a limit are never trained. A run\n" +
    "that is stopped, however hard, continues with nas resume.",
  examples: [
    "nas search --target iphone13-npu",
    "nas search --target iphone13-npu --max-latency 1.0ms --data ./cifar-10-batches-bin --trials 60",
    "nas search --target iphone13-npu --space my-space.yaml --strategy random --json",
    "nas search --target iphone13-npu --strategy fbnet --data ./cifar-10-batches-bin --trials 4",
    "nas search --target iphone13-npu --strategy spos --trials 14 --trust 10",
    "nas search --target iphone13-npu --objective accuracy,latency --strategy nsga2 --max-params 5M",
    "nas search --target iphone13-npu --objective accuracy,latency,energy --scalarise 0.07 --max-energy 20mJ",
    "nas search --target iphone13-npu --objective synflow,latency --strategy nsga2 --trials 200",
    "nas search --target iphone13-npu --warm-up naswot --warm-up-draws 200 --filter naswot",
  ],
  options: { ...searchOptions, target: required(searchOptions.target), json },
  async run(given, io) {
    const { target, space } = given;
    const strategy = given.strategy.value;
    if (given.trust !== undefined && strategy.supernet === undefined)
      throw new UserError(
        `--trust is for strategies that train a supernet, and ${given.strategy.name} trains none`,
        `Leave it out, or take one of: ${names(Object.fromEntries(trainers)).join(", ")}.`,
      );
    const strategyOptions = optionsOf("strategy", strategy.defaults(given.trials), strategyOptionsOf(given));
    strategy.check(strategyOptions, sizeOfSpace(space));
    const schedule = scheduleOf(given);
    const screens = screensOf(given);
    checkProxies(given.strategy, strategyOptions, {
      ...screens,
      ...(schedule && { schedule }),
      proxy: given.objective.proxy,
    });
    checkScalarise(given.scalarise, given.objective, given.strategy);
    const dataset = await openDataset(given.data);
    await measureFirst(target.name, space, [], io);
    const measure = measurer(space, target.value);
    build(space, genomeAt(space, 0n), proxyForm(space, dataset));
    const maxLatencyMs = given.maxLatency ?? threeDigits(medianLatencyMs(space, measure));
    const limits = limitsOf(given);
    const reachable = fastest(space, measure, limits);
    if (excess(measure(reachable.genome), { ...limits, latencyMs: maxLatencyMs }) > 0) {
      const all = [`${maxLatencyMs} ms`, ...showLimits(limits)].join(", ");
      const over = overLimits(measure(reachable.genome), limits).map((words) => `, ${words}`);
      throw new UserError(
        `no network of space ${space.name} is within ${all} on ${target.name}`,
        `The fastest found takes ${reachable.latencyMs.toFixed(3)} ms (predicted)${over.join("")}: ${reachable.genome}`,
        exitCodes.infeasible,
      );
    }
    const by = strategy.predictor?.(strategyOptions);
    if (by !== undefined) encodingOf(by.encoding)(readingOf(space), reachable.genome);
    const engine = given.engine === "auto" ? await autoEngine(space, dataset, given.batch, io) : given.engine;
    prepareEngine(engine);
    const settings: Settings = {
      meaning: {
        target: target.name,
        targetModel: modelHash(target.value),
        space,
        maxLatencyMs,
        aim: {
          ...given.objective,
          ...(given.scalarise === undefined ? {} : { weight: given.scalarise }),
          limits,
          reference: given.objective.objectives.flatMap((name, _, all) =>
            name === "score" || all.includes("score")
              ? []
              : referenceOf(space, measure, name, { ...limits, latencyMs: maxLatencyMs }),
          ),
        },
        strategy: given.strategy.name,
        strategyOptions,
        ...(schedule === undefined ? {} : { schedule }),
        ...screens,
        seed: given.seed,
        ahead: given.ahead,
        fidelity: { epochs: given.epochs, images: given.images, batch: given.batch },
        engine,
        data: { name: dataset.name, hash: dataset.hash },
      },
      budget: { trials: given.trials },
      dataDir: given.data === undefined ? null : resolve(given.data),
    };
    const supernet = checkSupernet(settings, dataset, target.value);
    const now = new Date();
    const name = runName(target.name, now);
    const dir = given.runDir ?? join("runs", name);
    const run = await createRun(dir, { name, createdAt: now.toISOString(), version: version(), settings });
    if (given.maxLatency === undefined)
      io.note(
        `No --max-latency given: taking ${maxLatencyMs} ms, the predicted median of the space on ${target.name}.`,
      );
    const { objectives, proxy } = given.objective;
    if (objectives.length > 1 && strategy.isPareto !== true && given.scalarise === undefined) {
      const [first, ...others] = [proxy ?? objectives[0], ...objectives.slice(1)];
      io.note(
        `Strategy ${given.strategy.name} searches for ${first} alone; nsga2 is for ${[first, ...others].join(" and ")}.`,
      );
    }
    if (supernet !== undefined) io.note(supernet);
    return runToEnd(run, dataset, { ...given, io });
  },
});
