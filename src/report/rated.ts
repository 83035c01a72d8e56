import type { ChalkInstance } from "chalk";
import type { RatedBaseline } from "../search/baseline.js";
import { goalOf, ratedFront } from "../search/goal.js";
import { knee } from "../search/knee.js";
import type { Rated } from "../search/objective.js";
import type { Screening } from "../search/screened.js";
import { aimOf, limitsOf, type Meaning } from "../search/settings.js";
import type { Trial } from "../search/trial.js";
import type { DatasetReference } from "../train/dataset.js";
import { count, showCosts, showLatency, showLimits, showVerdict } from "./search.js";
import { showDuration } from "./unit.js";

/** A proxy's score, beside its name; never a percentage, as it is no accuracy. */
export const showScore = (score: number): string => score.toPrecision(5);

/** How screening went, where it was done. */
export function showScreening(
  { warmUp, filter }: Pick<Meaning, "warmUp" | "filter">,
  found: Screening | undefined,
): readonly (readonly [string, string])[] {
  if (found === undefined) return [];
  const took = `${showDuration(found.seconds * 1000)} of scoring in all`;
  return [
    ...(warmUp === undefined
      ? []
      : [
          [
            "warm-up",
            `began with the highest of ${found.drawn} networks by ${warmUp.proxy}; ${took}`,
          ] as const,
        ]),
    ...(filter === undefined
      ? []
      : [
          [
            "filter",
            `${found.redrawn} of ${found.looked} candidates drawn again, low by ${filter.proxy}; ${took}`,
          ] as const,
        ]),
  ];
}

/** Of a run after a proxy's score: the trial where its front bends most. */
export function ratedKnee(front: readonly Rated[], meaning: Meaning): Rated | undefined {
  const { objectives } = aimOf(meaning);
  if (front.length === 0 || objectives.length < 2) return undefined;
  return front[knee(front.map(goalOf(objectives, {}).objectives))];
}

/** How a search after a proxy's score stands beside random search, or why that is not known. */
export function showRatedBaseline(found: RatedBaseline | undefined, { strategy, aim }: Meaning): string {
  if (strategy === "random") return "this is random search, what others have to beat";
  if (found === undefined)
    return "not known: this ledger has too few random draws; search again with --strategy random to compare";
  const { verdict, score, error, budget, draws } = found;
  return `${showVerdict[verdict]} by ${aim?.proxy}: of ${budget} random networks the highest is expected at ${showScore(score)} ± ${showScore(error)}, estimated from the ${draws} that this run drew`;
}

/** What a finished search after a proxy's score ends with, for eyes. */
export function ratedSummary(given: {
  readonly meaning: Meaning;
  readonly trials: readonly Trial[];
  readonly best: Rated | undefined;
  readonly baseline: RatedBaseline | undefined;
  readonly screening: Screening | undefined;
  readonly data: DatasetReference;
  readonly next: readonly string[];
  readonly style: ChalkInstance;
}): string {
  const { meaning, trials, best, baseline, screening, data, next, style } = given;
  const aim = aimOf(meaning);
  const counts = count(trials, trials.length);
  const tally = `${counts.rated} rated, ${counts.failed} failed, ${counts.skipped} skipped, ${counts.duplicates} duplicates, ${counts.rejected} rejected by the estimate`;
  if (best === undefined) return `No winner: of ${counts.done} trials ${tally}.`;
  const rows: readonly (readonly [string, string])[] = [
    ["genome", best.genome],
    [
      "latency",
      `${showLatency(best)}, predicted for ${meaning.target}; limit ${showLimits(limitsOf(meaning)).join(", ")}`,
    ],
    [
      aim.proxy!,
      `${showScore(best.score)}: a score to rank by, no accuracy; nothing was trained (weights as drawn, images of ${data.name})`,
    ],
    ["cost", showCosts(best)],
    ["trials", tally],
    ["baseline", showRatedBaseline(baseline, meaning)],
    ...showScreening(meaning, screening),
  ];
  const costs = aim.objectives.filter((name) => name !== "score" && name !== "latency");
  const front = ratedFront(trials, aim.objectives);
  const bend = ratedKnee(front, meaning);
  return [
    style.bold(`Highest ${aim.proxy}: trial ${best.number}`),
    ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`),
    "",
    style.bold(`Pareto front (trial, ${aim.proxy}, latency${costs.length > 0 ? ", costs" : ""})`),
    ...front.map((t) =>
      [
        `  ${String(t.number).padStart(5)}  ${showScore(t.score).padStart(9)}  ${showLatency(t)}`,
        ...(costs.length > 0 ? [showCosts(t)] : []),
      ].join("  "),
    ),
    ...(bend === undefined ? [] : [`  knee: trial ${bend.number}`]),
    "",
    style.bold("Next"),
    ...next.map((command) => `  ${command}`),
  ].join("\n");
}
