import { existsSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { didYouMean, find, type Index, kebab, lookup, names } from "../base/lookup.js";
import { type Limits, type Objective, objectives } from "../search/goal.js";
import type { Schedule } from "../search/schedule.js";
import * as schedules from "../search/schedules/index.js";
import type { Meaning } from "../search/settings.js";
import * as strategies from "../search/strategies/index.js";
import type { Strategy, Options as StrategyOptions } from "../search/strategy.js";
import { loadSpace } from "../space/load.js";
import type { Space } from "../space/space.js";
import * as spaces from "../space/spaces/index.js";
import type { Engine } from "../train/engine.js";
import * as engines from "../train/engines/index.js";
import { proxyName, proxyNames, proxyOf } from "../train/proxyNames.js";
import {
  amount,
  bytes,
  count,
  decimal,
  list,
  member,
  mj,
  ms,
  type Option,
  path,
  seed,
  share,
} from "./option.js";
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

/** What a user wants: objectives, and the proxy whose score is the first of them, where one is. */
export interface Wanted {
  readonly objectives: readonly Objective[];
  readonly proxy?: string;
}

/** Zero-cost proxies that are no baselines: as costs, `params` and `macs` are to be made small. */
const scoring = proxyNames.filter((name) => !proxyOf(name).isBaseline);

const costs = names(objectives).filter((name) => name !== "accuracy" && name !== "score");

const wantable = Object.fromEntries(["accuracy", ...scoring, ...costs].map((name) => [name, name]));

/** What to search for: accuracy or a proxy's score, alone or with up to two costs beside it. */
const objective = <F extends string | undefined>(fallback: F): Option<Wanted | Extract<F, undefined>> => {
  const from = list(
    fallback,
    `accuracy, or without any training a zero-cost proxy (${scoring.join(", ")}); alone or with up to two of ${costs.join(", ")}`,
  );
  const read = (text: string, flag: string): Wanted => {
    const given = (from.read(text, flag) as readonly string[]).map((word) => {
      lookup(wantable, word, "objective");
      return word.toLowerCase().replaceAll("-", "_");
    });
    const [first, ...others] = given;
    const proxy = scoring.find((name) => name === first);
    const isRight =
      (proxy !== undefined || first === "accuracy") &&
      others.every((name) => costs.includes(name)) &&
      new Set(others).size === others.length &&
      others.length <= 2;
    if (!isRight)
      throw new UserError(
        `${flag} is "${text}"`,
        "It is accuracy or a zero-cost proxy first, then up to two costs, each once: accuracy,latency or synflow,latency.",
      );
    return proxy === undefined
      ? { objectives: ["accuracy", ...(others as Objective[])] }
      : { objectives: ["score", ...(others as Objective[])], proxy };
  };
  return {
    ...from,
    fallback: (fallback === undefined ? undefined : read(fallback, "")) as Wanted | Extract<F, undefined>,
    read,
  };
};

/** A zero-cost proxy, by the name its papers write. */
const proxy = (help: string): Option<string | undefined> => ({
  help: `${help}: ${proxyNames.join(", ")}`,
  value: "proxy",
  fallback: undefined,
  read: proxyName,
});

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

/** Of a warm-up and of a filter, where they are not said. */
const [draws, quantile] = [100, 0.5];

/** The warm-up and the filter that are said, with what a run has where that is all that is said of them. */
export function screensOf(
  given: {
    readonly warmUp: string | undefined;
    readonly warmUpDraws: number | undefined;
    readonly filter: string | undefined;
    readonly filterQuantile: number | undefined;
  },
  made?: Pick<Meaning, "warmUp" | "filter">,
): Pick<Meaning, "warmUp" | "filter"> {
  const warmUp = given.warmUp ?? (given.warmUpDraws === undefined ? undefined : made?.warmUp?.proxy);
  const filter = given.filter ?? (given.filterQuantile === undefined ? undefined : made?.filter?.proxy);
  if (given.warmUpDraws !== undefined && warmUp === undefined)
    throw new UserError("--warm-up-draws needs a warm-up", "Name its proxy with --warm-up.");
  if (given.filterQuantile !== undefined && filter === undefined)
    throw new UserError("--filter-quantile needs a filter", "Name its proxy with --filter.");
  return {
    ...(warmUp && { warmUp: { proxy: warmUp, draws: given.warmUpDraws ?? made?.warmUp?.draws ?? draws } }),
    ...(filter && {
      filter: { proxy: filter, quantile: given.filterQuantile ?? made?.filter?.quantile ?? quantile },
    }),
  };
}

/** What a search is told; on resume nothing has a fallback, as what is not said stays. */
export const searchOptions = {
  target: targetOption("device to be fast on"),
  maxLatency: ms(undefined, "slowest network to accept, such as 1.0ms", "the median of the space"),
  objective: objective("accuracy"),
  scalarise: share(
    "search for one number, accuracy times (cost / reference)^-share for each cost of --objective: 0.07 as MnasNet",
  ),
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
  strategy: member<Strategy<never>, "local">(
    strategies as unknown as Index<Strategy<never>>,
    "local",
    "how to pick the next network",
  ),
  strategyOptions: settings("options of the strategy, such as population=20,tournament=5"),
  schedule: schedule("train briefly, and longer what does best"),
  scheduleOptions: settings("options of the schedule, such as eta=2"),
  warmUp: proxy("begin with the networks that a zero-cost proxy scores highest of many drawn"),
  warmUpDraws: { ...count(undefined, "networks drawn for the warm-up"), shown: String(draws) },
  filter: proxy("draw a candidate again that a zero-cost proxy scores low among the recent ones"),
  filterQuantile: { ...share("share of the recent ones that is low"), shown: String(quantile) },
  trust: count(
    undefined,
    "first trials that are drawn evenly, to see whether a supernet's shared accuracies and losses rank networks",
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
