import type { ChalkInstance } from "chalk";
import type { Target } from "../latency/target.js";
import type { Baseline, RatedBaseline } from "../search/baseline.js";
import { frontOf, type Goal, type Limits, type Objective } from "../search/goal.js";
import { fewest, type HeldOut } from "../search/heldOut.js";
import { highestRated, type Scored, winner } from "../search/objective.js";
import { scalarOf } from "../search/scalar.js";
import { type Aim, aimOf, limitsOf, type Meaning } from "../search/settings.js";
import { tradeOff } from "../search/tradeOff.js";
import type { Trial } from "../search/trial.js";
import type { DatasetReference } from "../train/dataset.js";
import { showBytes, showCount, showDuration, showMj, showMs, showPercent } from "./unit.js";

/** How many trials came to what. */
export interface Counts {
  readonly planned: number;
  readonly done: number;
  readonly scored: number;
  /** Ranked by a zero-cost proxy, not trained. */
  readonly rated: number;
  readonly failed: number;
  /** Asked although over the limit, so not trained. */
  readonly skipped: number;
  /** Answered by an earlier trial of the same network. */
  readonly duplicates: number;
  /** Candidates the latency estimate turned down before they became trials. */
  readonly rejected: number;
}

export function count(trials: readonly Trial[], planned: number): Counts {
  const having = (test: (trial: Trial) => boolean) => trials.filter(test).length;
  return {
    planned,
    done: trials.length,
    scored: having((t) => t.status === "scored"),
    rated: having((t) => t.status === "rated"),
    failed: having((t) => t.status === "failed"),
    skipped: having((t) => t.status === "skipped"),
    duplicates: having((t) => t.duplicateOf !== null),
    rejected: trials.reduce((sum, t) => sum + t.rejected, 0),
  };
}

/** `0.93 ms (0.80-1.08)`, with the word extrapolated where it is. */
export const showLatency = (trial: Trial): string =>
  `${showMs(trial.latencyMs)} (${trial.latencyLowMs.toPrecision(3)}-${trial.latencyHighMs.toPrecision(3)}${
    trial.latencyKind === "predicted" ? "" : `, ${trial.latencyKind}`
  })`;

/** Limits for eyes: `1.00 ms`, `5.00 M params`. */
export const showLimits = ({
  latencyMs,
  params,
  macs,
  peakActivationBytes,
  energyMj,
}: Limits): readonly string[] => [
  ...(latencyMs === undefined ? [] : [showMs(latencyMs)]),
  ...(params === undefined ? [] : [`${showCount(params)} params`]),
  ...(macs === undefined ? [] : [`${showCount(macs)} MACs`]),
  ...(peakActivationBytes === undefined ? [] : [`${showBytes(peakActivationBytes)} of activations`]),
  ...(energyMj === undefined ? [] : [`${showMj(energyMj)} energy proxy`]),
];

/** The energy proxy of a trial; nothing in ledgers older than it. */
export const showEnergy = ({ energyMj }: Trial): string => (energyMj === null ? "" : showMj(energyMj));

/** What a trial's network costs, on one line. */
export const showCosts = (trial: Trial): string =>
  [
    `${showCount(trial.params)} params, ${showCount(trial.macs)} MACs`,
    `${showBytes(trial.peakActivationBytes)} of activations at most (float32)`,
    ...(trial.energyMj === null
      ? []
      : [`${showMj(trial.energyMj)} energy proxy (an estimate, not measured)`]),
  ].join(", ");

const showCost = {
  params: (trial: Trial) => `${showCount(trial.params)} params`,
  macs: (trial: Trial) => `${showCount(trial.macs)} MACs`,
  memory: (trial: Trial) => `${showBytes(trial.peakActivationBytes)} of activations`,
  energy: (trial: Trial) => `${showEnergy(trial)} energy proxy`,
};

/** One side of the box that hypervolume is measured in. */
const showReference: { readonly [K in Objective]: (value: number) => string } = {
  score: (negated) => `score ${(-negated).toPrecision(4)}`,
  accuracy: (error) => `${showPercent(error)} error`,
  latency: showMs,
  params: (params) => `${showCount(params)} params`,
  macs: (macs) => `${showCount(macs)} MACs`,
  memory: (bytes) => `${showBytes(bytes)} of activations`,
  energy: (mj) => `${showMj(mj)} energy proxy`,
};

/** What a trial is worth where a run goes by one number of its objectives, and how that is made. */
const showWorth = (trial: Scored, aim: Aim & { readonly weight: number }): string => {
  const costs = aim.objectives
    .slice(1)
    .map((name, i) => `(${name} / ${showReference[name](aim.reference[i + 1]!)})^-${aim.weight}`);
  return `${scalarOf(aim)(trial)!.toFixed(4)}: ${["accuracy", ...costs].join(" · ")}`;
};

/** One trial as a line. */
export const trialLine = (trial: Trial): string =>
  trial.status === "scored"
    ? `trial ${trial.number}: ${showPercent(trial.accuracy)} ${trial.accuracyKind} accuracy${trial.askedEpochs === null ? "" : ` after ${trial.askedEpochs} epochs`}, ${showLatency(trial)}, ${showCount(trial.macs)} MACs`
    : trial.status === "rated"
      ? `trial ${trial.number}: score ${trial.score.toPrecision(5)}, ${showLatency(trial)}, ${showCount(trial.macs)} MACs`
      : `trial ${trial.number}: ${trial.status}: ${trial.why}`;

/** Where a search is: done, rejected, failed, the best so far, and the time left at the pace so far. */
export function progressLine(
  trials: readonly Trial[],
  planned: number,
  fresh: number,
  elapsedMs: number,
  isBetter: Goal["better"],
): string {
  const { done, rejected, failed } = count(trials, planned);
  const best = winner(trials, isBetter);
  const left =
    fresh > 0 && done < planned ? `, ${showDuration((elapsedMs / fresh) * (planned - done))} left` : "";
  const rated = highestRated(trials);
  const leader =
    best !== undefined
      ? `, best ${showPercent(best.accuracy)} at ${showMs(best.latencyMs)}`
      : rated !== undefined
        ? `, highest score ${rated.score.toPrecision(5)} at ${showMs(rated.latencyMs)}`
        : "";
  return `${done}/${planned} trials, ${rejected} rejected, ${failed} failed${leader}${left}`;
}

/** How well what guided the search foretold its trials. */
const showHeldOut = ({ predictor, encoding, folds, skill }: HeldOut): string =>
  skill === null
    ? `${predictor}, ${encoding}: fewer than ${fewest} networks trained, so none were held out`
    : `${predictor}, ${encoding}: rank correlation ${skill.spearman.toFixed(2)} (Spearman), ${skill.kendall.toFixed(2)} (Kendall) on ${skill.held} trials, held out in ${folds} parts`;

/** How a search stands beside random search. */
export const showVerdict: { readonly [V in Baseline["verdict"]]: string } = {
  beats: "beats random search",
  "not told apart": "does not beat random search by more than chance",
  "does not beat": "does NOT beat random search",
};

/** How a search stands beside random search, or why that is not known. */
export function showBaseline(
  found: Baseline | RatedBaseline | undefined,
  { strategy, schedule }: Meaning,
): string {
  if (strategy === "random" && schedule === undefined)
    return "this is random search, what others have to beat";
  if (found === undefined)
    return "not known: this ledger has too few random draws; search again with --strategy random to compare";
  const { verdict, error, budget, draws } = found;
  const [best, off] =
    "accuracy" in found
      ? [showPercent(found.accuracy), showPercent(error)]
      : [found.score.toFixed(4), error.toFixed(4)];
  return `${showVerdict[verdict]}: of ${budget} random networks the best is expected at ${best} ± ${off}, estimated from the ${draws} that this run drew`;
}

/** What a finished search ends with, for eyes. */
export function runSummary(given: {
  readonly meaning: Meaning;
  readonly trials: readonly Trial[];
  readonly best: ReturnType<typeof winner>;
  readonly predicted: HeldOut | undefined;
  readonly baseline: Baseline | RatedBaseline | undefined;
  /** What there is to say of the strategy's supernet. */
  readonly supernet: readonly string[];
  /** How proxies screened candidates, a name and a line each. */
  readonly screening: readonly (readonly [string, string])[];
  /** How the run stands beside others after equal time. */
  readonly equalTime: string | undefined;
  readonly target: Target;
  readonly data: DatasetReference;
  readonly next: readonly string[];
  readonly style: ChalkInstance;
}): string {
  const {
    meaning,
    trials,
    best,
    predicted,
    baseline,
    supernet,
    screening,
    equalTime,
    target,
    data,
    next,
    style,
  } = given;
  const { fidelity } = meaning;
  const aim = aimOf(meaning);
  const counts = count(trials, trials.length);
  const tally = `${counts.scored} scored, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.duplicates} duplicates, ${counts.rejected} rejected by the estimate`;
  if (best === undefined) return `No winner: of ${counts.done} trials ${tally}.`;
  const images = Math.min(fidelity.images, data.train);
  const error = target.error.networkOut;
  const rows: readonly (readonly [string, string])[] = [
    ["genome", best.genome],
    [
      "latency",
      `${showLatency(best)}, ${showPercent(target.interval.level)} interval, predicted for ${meaning.target}; limit ${showLimits(limitsOf(meaning)).join(", ")}`,
    ],
    [
      "",
      `the model's error on networks it had not seen: ${showPercent(error.mape)} mean, ${error.n} networks (${target.protocol})`,
    ],
    [
      "accuracy",
      `${showPercent(best.accuracy)} ${best.accuracyKind}: ${best.askedEpochs ?? fidelity.epochs} epochs on ${images} images of ${data.name}${data.synthetic ? " (synthetic)" : ""}, ${data.validation} validation images; it ranks networks, it is not what full training gives`,
    ],
    ["cost", showCosts(best)],
    ...(aim.weight === undefined
      ? []
      : [["worth", showWorth(best, { ...aim, weight: aim.weight })] as const]),
    ["trials", tally],
    ["baseline", showBaseline(baseline, meaning)],
    ...screening,
    ...supernet.map((line, i) => [i === 0 ? "supernet" : "", line] as const),
    ...(predicted === undefined ? [] : [["predictor", showHeldOut(predicted)] as const]),
  ];
  const costs = aim.objectives.filter(
    (name) => name !== "accuracy" && name !== "score" && name !== "latency",
  );
  const front = frontOf(trials, aim.objectives).map((t) =>
    [
      `  ${String(t.number).padStart(5)}  ${showPercent(t.accuracy).padStart(7)}  ${showLatency(t)}`,
      ...costs.map((name) => showCost[name](t)),
    ].join("  "),
  );
  const found = tradeOff(trials, aim);
  const covered = found && [
    `  knee: trial ${found.knee.number}; hypervolume ${showPercent(found.hypervolume)} of the box up to ${aim.objectives
      .map((name, i) => showReference[name](aim.reference[i]!))
      .join(", ")}`,
  ];
  return [
    style.bold(`Winner: trial ${best.number}`),
    ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`),
    "",
    style.bold(`Pareto front (${["trial", "proxy accuracy", "latency", ...costs].join(", ")})`),
    ...front,
    ...(covered ?? []),
    ...(equalTime === undefined ? [] : ["", equalTime]),
    "",
    style.bold("Next"),
    ...next.map((command) => `  ${command}`),
  ].join("\n");
}
