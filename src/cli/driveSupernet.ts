import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { lookup } from "../base/lookup.js";
import type { Target } from "../latency/target.js";
import { showBytes } from "../report/unit.js";
import type { Draw } from "../search/feasible.js";
import type { Meaning, Settings } from "../search/settings.js";
import * as strategies from "../search/strategies/index.js";
import type { Strategy } from "../search/strategy.js";
import { type Choices, choicesOf } from "../search/supernet/architecture.js";
import { pruneCheckpoints } from "../search/supernet/checkpoint.js";
import { supernetBytes } from "../search/supernet/memory.js";
import { openSupernetPool } from "../search/supernet/pool.js";
import type { SupernetPlan, SupernetSpec } from "../search/supernet/question.js";
import { type Answered, trainSupernet } from "../search/supernet/run.js";
import { splitsOf } from "../search/supernet/splits.js";
import { stageLatency } from "../search/supernet/stageLatency.js";
import { proxyForm } from "../space/build.js";
import type { OpenRun } from "../store/run.js";
import type { Dataset } from "../train/dataset.js";

/** Most memory a worker may hold. */
const memoryMb = 2048;
/** Longest an epoch of a supernet may take. */
const timeoutMs = 2 * 3_600_000;

/** Where a run keeps its supernet's checkpoints. */
const folderOf = (dir: string): string => join(dir, "weights");

interface Planned extends Omit<SupernetSpec, "rule"> {
  readonly plan: SupernetPlan;
  readonly choices: Choices;
}

/** What a run's strategy trains before its first trial; undefined where that is nothing. */
function planned(meaning: Meaning, dataset: Dataset, target: Target): Planned | undefined {
  const { space, seed, fidelity, engine, maxLatencyMs } = meaning;
  const strategy = lookup<Strategy>(strategies as never, meaning.strategy, "strategy");
  const spec = strategy.supernet?.(meaning.strategyOptions);
  if (spec === undefined) return undefined;
  const choices = choicesOf(space);
  const proxy = proxyForm(space, dataset);
  return {
    ...spec,
    choices,
    plan: {
      ...{ space, proxy, engine, seed },
      rule: spec.rule,
      fidelity: { images: fidelity.images, batch: fidelity.batch },
      latency: stageLatency(choices, target),
      limitMs: maxLatencyMs ?? Number.POSITIVE_INFINITY,
    },
  };
}

/**
 * Check before a run is made that its supernet, if it has one, can be trained.
 *
 * @returns what it is and the memory it needs, for eyes; undefined where there is none
 * @throws UserError  when there are too few images or trials, or it needs more memory than a worker may hold
 */
export function checkSupernet(
  { meaning, budget }: Settings,
  dataset: Dataset,
  target: Target,
): string | undefined {
  const found = planned(meaning, dataset, target);
  if (found === undefined) return undefined;
  const { plan, trust, choices } = found;
  if (trust >= budget.trials)
    throw new UserError(
      `${trust} of ${budget.trials} trials are to be drawn evenly`,
      "Leave one at least for what the supernet derives: more --trials, or less --trust.",
    );
  const { images, batch } = plan.fidelity;
  const learned = splitsOf(dataset, images).weights.length;
  if (learned < batch)
    throw new UserError(
      `a supernet's weights learn from four fifths of the images, ${learned} here, which is not one batch of ${batch}`,
      `Take --images ${Math.ceil(batch / 0.8)} or more, or a smaller --batch.`,
    );
  const { program, weights, maps } = supernetBytes(plan, choices);
  const all = program + weights + maps;
  const most = memoryMb * 2 ** 20;
  if (all > most)
    throw new UserError(
      `the supernet needs about ${showBytes(all)} of memory, more than the ${showBytes(most)} that a worker may hold`,
      program + weights < most
        ? `Feature maps are ${showBytes(maps)} of it: --batch ${Math.floor((batch * (most - program - weights)) / maps)} would do.`
        : `Weights are ${showBytes(weights)} of it: take ${plan.rule.sharing === "choices" ? "--strategy-options sharing=slices" : "a smaller space"}.`,
    );
  return `Supernet: ${plan.rule.epochs} epochs, weights shared by ${plan.rule.sharing}; needs about ${showBytes(all)} of memory (an upper estimate), at most ${showBytes(most)} are allowed.`;
}

/**
 * The networks that a run's strategy derives from its supernet, which is trained first, with answers
 * from the ledger as far as they go; undefined for a strategy that trains none.
 */
export async function derivedFrom(
  run: OpenRun,
  dataset: Dataset,
  given: {
    readonly target: Target;
    readonly workers: number;
    readonly stop: AbortSignal;
    draw(): Draw;
    onAnswer(answered: Answered, isNew: boolean): void;
  },
): Promise<readonly string[] | undefined> {
  const { meaning, budget } = run.record.settings;
  const found = planned(meaning, dataset, given.target);
  if (found === undefined) return undefined;
  const { plan, derivation, trust } = found;
  const stored = new Map(run.answers.map((answered) => [answered.number, answered]));
  const folder = folderOf(run.dir);
  const pool = openSupernetPool({ workers: given.workers, dataset, memoryMb, timeoutMs });
  try {
    return await trainSupernet({
      ...{ plan, derivation, trust, folder },
      networks: budget.trials,
      draw: given.draw,
      ask: (question) => pool.ask(question, given.stop),
      recall: (number) => stored.get(number),
      record: (answered) => run.appendAnswer(answered),
      prune: (kept) => pruneCheckpoints(folder, kept),
      onAnswer: given.onAnswer,
    });
  } finally {
    await pool.close();
  }
}
