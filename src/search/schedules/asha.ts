import type { Goal } from "../goal.js";
import { type Halving, halving } from "../halving.js";
import { defineSchedule } from "../schedule.js";
import { hasSeen, nothingSeen, type Seen, see } from "../seen.js";
import type { Options, Scheduled, Strategy } from "../strategy.js";
import type { Told } from "../trial.js";

/** A network at a rung, and whether it has gone on to the next. */
interface Climber {
  readonly trial: Told;
  readonly isPromoted: boolean;
}

interface Ladder<State> {
  readonly inner: State;
  readonly rungs: readonly Rung[];
}

interface Rung {
  /** Best first. */
  readonly climbers: readonly Climber[];
  readonly genomes: Seen;
}

/** The rung with one more, unless its network is there already. */
function joined({ climbers, genomes }: Rung, trial: Told, better: Goal["better"]): Rung {
  if (hasSeen(genomes, trial.genome)) return { climbers, genomes };
  let [low, high] = [0, climbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (better(trial, climbers[middle]!.trial)) high = middle;
    else low = middle + 1;
  }
  return {
    climbers: climbers.toSpliced(low, 0, { trial, isPromoted: false }),
    genomes: see(genomes, trial.genome),
  };
}

/** The rung when one of its networks has gone on. */
function promoted({ climbers, genomes }: Rung, genome: string): Rung {
  const at = climbers.findIndex(({ trial }) => trial.genome === genome);
  return at < 0
    ? { climbers, genomes }
    : { climbers: climbers.with(at, { ...climbers[at]!, isPromoted: true }), genomes };
}

/** Epochs of each rung, the last one all of them: 1, 3, 9, 27, 81. */
export function rungs(most: number, least: number, eta: number): readonly number[] {
  const found: number[] = [];
  for (let epochs = most; Math.round(epochs) >= least; epochs /= eta) found.unshift(Math.round(epochs));
  return [...new Set(found)];
}

/**
 * Asynchronous successive halving, by promotion: of the networks at a rung the best
 * 1/eta go on to eta times the epochs as soon as there are enough to tell.
 *
 * state    the strategy's; for each rung its networks, best first
 * ask      from the highest rung down the first of the best 1/eta that has not gone on;
 *          without one, a network of the strategy for the lowest rung
 * tell     the strategy hears each network's first answer alone, so that it compares what
 *          was trained as long
 * defaults eta 3, from 1 epoch on
 * paper    Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, arXiv:1810.05934
 */
export const asha = defineSchedule({
  summary: "asynchronous successive halving: the best third of those trained briefly are trained on",
  ...halving("asha"),
  apply<State, O extends Options>(
    strategy: Strategy<State, O>,
    { eta, least }: Halving,
    epochs: number,
  ): Scheduled<Ladder<State>, O> {
    const levels = rungs(epochs, least, eta);
    return {
      ...strategy,
      init: (options) => ({
        inner: strategy.init(options),
        rungs: levels.map(() => ({ climbers: [], genomes: nothingSeen })),
      }),
      ask({ inner, rungs }, context, options) {
        for (let level = levels.length - 2; level >= 0; level--) {
          const epochs = levels[level + 1]!;
          const isAsked = (genome: string) =>
            context.pending.some((asked) => asked.genome === genome && asked.epochs === epochs);
          const { climbers } = rungs[level]!;
          for (let i = 0; i < Math.floor(climbers.length / eta); i++) {
            const { trial, isPromoted } = climbers[i]!;
            if (!isPromoted && !isAsked(trial.genome)) return { genome: trial.genome, epochs };
          }
        }
        const genome = strategy.ask(inner, context, options);
        return genome === undefined ? undefined : { genome, epochs: levels[0]! };
      },
      tell({ inner, rungs }, trial, known, options) {
        const level = levels.indexOf(trial.askedEpochs ?? epochs);
        return {
          inner: level === 0 ? strategy.tell(inner, trial, known, options) : inner,
          rungs: rungs.map((rung, i) => {
            if (i === level - 1) return promoted(rung, trial.genome);
            return i === level && trial.status === "scored" ? joined(rung, trial, known.better) : rung;
          }),
        };
      },
    };
  },
});
