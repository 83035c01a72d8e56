import { existsSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { didYouMean, find, type Index, kebab, lookup, names } from "../base/lookup.js";
import { type Limits, type Objective, objectives } from "../search/goal.js";
import type { Schedule } from "../search/schedule.js";
import * as schedules from "../search/schedules/index.js";
import * as strategies from "../search/strategies/index.js";
import type { Strategy, Options as StrategyOptions } from "../search/strategy.js";
import { loadSpace } from "../space/load.js";
import type { Space } from "../space/space.js";
import * as spaces from "../space/spaces/index.js";
import type { Engine } from "../train/engine.js";
import * as engines from "../train/engines/index.js";
import { amount, bytes, count, decimal, list, member, mj, ms, type Option, path, seed } from "./option.js";
import { targetOption } from "./targetOption.js";

/** A built-in space by name, or one from a YAML or JSON file. */
export function openSpace(nameOrFile: string): Space {
  const known = find<Space>(spaces, nameOrFile);
  if (known !== undefined) return known;
  if (existsSync(nameOrFile) || /[./\\]/.test(nameOrFile)) return loadSpace(nameOrFile);
  throw new UserError(
    `unknown space "${nameOrFile}"`,
    `${didYouMean(nameOrFile, names(spaces))} A YAML file will do, too.`,
  );
}

const space = <F extends string | undefined>(fallback: F): Option<Space | Extract<F, undefined>> => ({
  help: `search space, or a YAML file with one: ${names(spaces).join(", ")}`,
  value: "name",
  fallback: (fallback === undefined ? undefined : openSpace(fallback)) as Space | Extract<F, undefined>,
  ...(fallback === undefined ? {} : { shown: fallback }),
  read: openSpace,
});

/** What to search for: accuracy alone, or with up to two costs beside it. */
const objective = <F extends string | undefined>(
  fallback: F,
): Option<readonly Objective[] | Extract<F, undefined>> => {
  const from = list(fallback, `accuracy, alone or with up to two more: ${names(objectives).join(", ")}`);
  return {
    ...from,
    read(text, flag) {
      const given = (from.read(text, flag) as readonly string[]).map((name) => {
        lookup(objectives, name, "objective");
        return name as Objective;
      });
      if (given[0] !== "accuracy" || new Set(given).size < given.length || given.length > 3)
        throw new UserError(
          `${flag} is "${text}"`,
          "It is accuracy first, then up to two others, each once: accuracy,latency.",
        );
      return given;
    },
  } as Option<readonly Objective[] | Extract<F, undefined>>;
};

/** `name=value,name=value`. */
const settings = (help: string): Option<StrategyOptions | undefined> => ({
  help,
  value: "text",
  fallback: undefined,
  read(given, flag) {
    const pairs = given.split(",").map((pair) => pair.split("="));
    const wrong = pairs.find(([name, value]) => !name || !value);
    if (wrong !== undefined)
      throw new UserError(`${flag} has "${wrong.join("=")}"`, "It is name=value, separated by commas.");
    return Object.fromEntries(
      pairs.map(([name, value]) => [name!, Number.isFinite(Number(value)) ? Number(value) : value!]),
    );
  },
});

/** Options of the strategy that are said, by either flag. */
export const strategyOptionsOf = ({
  strategyOptions,
  trust,
}: {
  readonly strategyOptions: StrategyOptions | undefined;
  readonly trust: number | undefined;
}): StrategyOptions | undefined => (trust === undefined ? strategyOptions : { ...strategyOptions, trust });

/** The limits besides latency's that are said. */
export const limitsOf = (given: {
  readonly maxParams: number | undefined;
  readonly maxMacs: number | undefined;
  readonly maxMemory: number | undefined;
  readonly maxEnergy: number | undefined;
}): Omit<Limits, "latencyMs"> => ({
  ...(given.maxParams === undefined ? {} : { params: given.maxParams }),
  ...(given.maxMacs === undefined ? {} : { macs: given.maxMacs }),
  ...(given.maxMemory === undefined ? {} : { peakActivationBytes: given.maxMemory }),
  ...(given.maxEnergy === undefined ? {} : { energyMj: given.maxEnergy }),
});

const schedule = (help: string) =>
  member<Schedule<never>, undefined>(schedules as unknown as Index<Schedule<never>>, undefined, help);

/** An engine's name; `auto` for the fastest that loads. */
const engine = <F extends "auto" | undefined>(fallback: F): Option<string | Extract<F, undefined>> => ({
  help: `what trains: auto, the fastest that loads here, or ${names(engines).join(", ")}`,
  value: "name",
  fallback: fallback as string | Extract<F, undefined>,
  ...(fallback === undefined ? {} : { shown: fallback }),
  read(text) {
    if (text !== "auto") lookup<Engine>({ ...engines }, text, "engine");
    return text === "auto" ? text : kebab(text);
  },
});

/** What a search is told; on resume nothing has a fallback, as what is not said stays. */
export const searchOptions = {
  target: targetOption("device to be fast on"),
  maxLatency: ms(undefined, "slowest network to accept, such as 1.0ms", "the median of the space"),
  objective: objective("accuracy"),
  maxParams: amount("most learned numbers to accept, such as 5M", "n", decimal),
  maxMacs: amount("most multiply-accumulates to accept, such as 300M", "n", decimal),
  maxMemory: amount(
    "most bytes of activations alive at once (float32) to accept, such as 4MB",
    "size",
    bytes,
  ),
  maxEnergy: mj("most energy to accept, by a proxy that is not measured, such as 5mJ"),
  space: space("rapidnet"),
  data: path(undefined, "folder of a data set; a synthetic one without it", "dir"),
  strategy: member<Strategy<never>, "aging">(
    strategies as unknown as Index<Strategy<never>>,
    "aging",
    "how to pick the next network",
  ),
  strategyOptions: settings("options of the strategy, such as population=20,tournament=5"),
  schedule: schedule("train briefly, and longer what does best"),
  scheduleOptions: settings("options of the schedule, such as eta=2"),
  trust: count(
    undefined,
    "trials at the end that are drawn evenly, to see whether a supernet's shared accuracies rank networks",
  ),
  trials: count(16, "networks to try; with a schedule, trainings"),
  workers: count(undefined, "networks trained at once; changes the speed, not the result"),
  seed: seed(1, "of every random choice"),
  ahead: count(6, "networks picked before the oldest is known; part of the result"),
  epochs: count(4, "training epochs of a trial"),
  images: count(4000, "training images of a trial"),
  batch: count(32, "images a training step"),
  engine: engine("auto"),
  runDir: path(undefined, "folder of the run, made new", "dir"),
};

export const resumeOptions = {
  ...searchOptions,
  maxLatency: ms(undefined, "as the run was made"),
  objective: objective(undefined),
  space: space(undefined),
  strategy: member<Strategy<never>, undefined>(
    strategies as unknown as Index<Strategy<never>>,
    undefined,
    "as the run was made",
  ),
  schedule: schedule("as the run was made"),
  trials: count(undefined, "networks to try in all, more or fewer than planned"),
  seed: seed(undefined, "as the run was made"),
  ahead: count(undefined, "as the run was made"),
  epochs: count(undefined, "as the run was made"),
  images: count(undefined, "as the run was made"),
  batch: count(undefined, "as the run was made"),
  engine: engine(undefined),
};
