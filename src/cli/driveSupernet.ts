import { join } from "node:path";
import type { Target } from "../latency/target.js";
import { showBytes } from "../report/unit.js";
import type { Draw } from "../search/feasible.js";
import type { Strategy } from "../search/strategy.js";
import { choicesOf } from "../search/supernet/architecture.js";
import { pruneCheckpoints } from "../search/supernet/checkpoint.js";
import { sharingOf, supernetBytes } from "../search/supernet/memory.js";
import { openSupernetPool } from "../search/supernet/pool.js";
import type { SupernetPlan } from "../search/supernet/question.js";
import { type Answered, trainSupernet } from "../search/supernet/run.js";
import { stageLatency } from "../search/supernet/stageLatency.js";
import { proxyForm } from "../space/build.js";
import type { OpenRun } from "../store/run.js";
import type { Dataset } from "../train/dataset.js";
import type { Io } from "./io.js";

/** Most memory a worker may hold. */
const memoryMb = 2048;
/** Longest an epoch of a supernet may take. */
const timeoutMs = 2 * 3_600_000;

/** Where a run keeps its supernet's checkpoints. */
const folderOf = (dir: string): string => join(dir, "weights");

/**
 * The networks that a run's strategy derives from its supernet, which is trained first, with answers
 * from the ledger as far as they go; undefined for a strategy that trains none.
 */
export async function derivedFrom(
  run: OpenRun,
  dataset: Dataset,
  given: {
    readonly strategy: Strategy;
    readonly target: Target;
    readonly workers: number;
    readonly stop: AbortSignal;
    readonly io: Io;
    draw(): Draw;
    onAnswer(answered: Answered, isNew: boolean): void;
  },
): Promise<readonly string[] | undefined> {
  const { meaning, budget } = run.record.settings;
  const { space, seed, fidelity, engine, maxLatencyMs } = meaning;
  const spec = given.strategy.supernet?.(meaning.strategyOptions);
  if (spec === undefined) return undefined;
  const { rule, derivation, trust } = spec;
  const choices = choicesOf(space);
  const proxy = proxyForm(space, dataset);
  const plan: SupernetPlan = {
    ...{ space, proxy, engine, seed, rule: { ...rule, sharing: sharingOf(rule.sharing, space, proxy) } },
    fidelity: { images: fidelity.images, batch: fidelity.batch },
    latency: stageLatency(choices, given.target),
    limitMs: maxLatencyMs,
  };
  const stored = new Map(run.answers.map((answered) => [answered.number, answered]));
  const folder = folderOf(run.dir);
  if (stored.size === 0)
    given.io.note(
      `Supernet: ${rule.epochs} epochs, weights shared by ${plan.rule.sharing}; needs about ${showBytes(supernetBytes(plan, choices))} of memory (an upper estimate), at most ${showBytes(memoryMb * 2 ** 20)} are allowed.`,
    );
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
