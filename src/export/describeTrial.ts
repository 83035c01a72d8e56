import { isDeepStrictEqual } from "node:util";
import { find } from "../base/lookup.js";
import { openTarget } from "../latency/openTarget.js";
import { aimOf, type Settings } from "../search/settings.js";
import type { Options } from "../search/strategy.js";
import type { Trial } from "../search/trial.js";
import { build, deployedForm } from "../space/build.js";
import { parseGenome } from "../space/candidate.js";
import type { Genome, Space } from "../space/space.js";
import * as spaces from "../space/spaces/index.js";
import type { RunRecord } from "../store/ledger.js";
import type { Exported } from "./format.js";

/** A trial's network in its deployed form, with all the run knows of it but weights, which it does not keep. */
export function describeTrial(
  { settings, version }: RunRecord,
  trial: Trial,
): Omit<Exported, "weights" | "weightsFrom"> {
  const { space, seed, data, fidelity, target: targetName } = settings.meaning;
  const target = openTarget(targetName);
  const genome = parseGenome(space, trial.genome);
  return {
    name: trial.hash,
    network: build(space, genome, deployedForm(space)),
    genome: trial.genome,
    space: space.name,
    stages: stagesOf(space, genome),
    latency: {
      ms: trial.latencyMs,
      lowMs: trial.latencyLowMs,
      highMs: trial.latencyHighMs,
      level: target.interval.level,
      kind: trial.latencyKind,
      target: targetName,
      protocol: target.protocol,
      source: target.source,
      error: target.error.networkOut.mape,
    },
    ...(trial.status === "scored" && {
      accuracy: {
        value: trial.accuracy,
        kind: trial.accuracyKind,
        epochs: trial.askedEpochs ?? fidelity.epochs,
        data: data.name,
        seed,
        engine: trial.engine,
      },
    }),
    reproduce: { command: commandOf(settings), version, seed, data: `${data.name} ${data.hash}` },
  };
}

function stagesOf(space: Space, genome: Genome): NonNullable<Exported["stages"]> {
  let width = space.stem.at(-1)!.width;
  return space.stages.flatMap((stage, i) => {
    const gene = genome[i]!;
    if (gene.depth === 0) return [];
    if (gene.width > 0) width = gene.width;
    const { block } = stage.options[gene.option]!;
    const choices = Object.entries(gene.choices).map(([name, value]) => [
      name,
      typeof value === "object" ? [...value] : value,
    ]);
    return [{ name: stage.name, block, depth: gene.depth, width, choices: Object.fromEntries(choices) }];
  });
}

const assigned = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");

/** The command that asks this trial again. What was a file or folder is `FILE` or `DIR`: it may be elsewhere. */
function commandOf({ meaning, budget, dataDir }: Settings): string {
  const { space, fidelity, strategyOptions, schedule, ranking, maxLatencyMs, warmUp, filter } = meaning;
  const options = assigned(strategyOptions);
  const aim = aimOf(meaning);
  const wanted = aim.objectives.map((name) => (name === "score" ? aim.proxy : name));
  const { params, macs, peakActivationBytes, energyMj } = aim.limits;
  const isBuiltIn = isDeepStrictEqual(find<Space>(spaces, space.name), space);
  return [
    `nas ${ranking === undefined ? "search" : "bench proxy"} --target ${meaning.target} --space ${isBuiltIn ? space.name : "FILE"}`,
    ...(maxLatencyMs === null ? [] : [`--max-latency ${maxLatencyMs}ms`]),
    ...(ranking === undefined ? [`--strategy ${meaning.strategy}`] : []),
    ...(aim.objectives.length > 1 || aim.proxy !== undefined ? [`--objective ${wanted.join(",")}`] : []),
    ...(warmUp === undefined ? [] : [`--warm-up ${warmUp.proxy} --warm-up-draws ${warmUp.draws}`]),
    ...(filter === undefined ? [] : [`--filter ${filter.proxy} --filter-quantile ${filter.quantile}`]),
    ...(aim.weight === undefined ? [] : [`--scalarise ${aim.weight}`]),
    ...(params === undefined ? [] : [`--max-params ${params}`]),
    ...(macs === undefined ? [] : [`--max-macs ${macs}`]),
    ...(peakActivationBytes === undefined ? [] : [`--max-memory ${peakActivationBytes}`]),
    ...(energyMj === undefined ? [] : [`--max-energy ${energyMj}mJ`]),
    ...(options === "" ? [] : [`--strategy-options ${options}`]),
    ...(schedule === undefined
      ? []
      : [`--schedule ${schedule.name} --schedule-options ${assigned(schedule.options)}`]),
    ...(dataDir === null ? [] : ["--data DIR"]),
    ...(ranking === undefined
      ? [
          `--trials ${budget.trials} --seed ${meaning.seed} --ahead ${meaning.ahead}`,
          `--epochs ${fidelity.epochs} --images ${fidelity.images}`,
        ]
      : [
          `--networks ${ranking.networks} --repeats ${ranking.repeats} --seed ${meaning.seed}`,
          `--epochs ${ranking.short.epochs} --images ${ranking.short.images}`,
          `--long-epochs ${fidelity.epochs} --long-images ${fidelity.images}`,
        ]),
    `--batch ${fidelity.batch} --engine ${meaning.engine}`,
  ].join(" ");
}
