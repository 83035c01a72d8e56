import { UserError } from "../../base/errors.js";
import { encodingOf } from "../encoding.js";
import { best, fitted, fresh, isDue, nothingTold, open, propose, remember, streamOf } from "../guided.js";
import { mlpEnsemble } from "../predictors/mlpEnsemble.js";
import { hasSeen } from "../seen.js";
import { defineStrategy } from "../strategy.js";

/** Mutations of a network before it is given up, having been told whatever was done to it. */
const patience = 10;

export const bananas = defineStrategy({
  summary: "an ensemble of small networks predicts accuracy; Thompson samples of it choose among mutants",
  defaults: (): {
    initial: number;
    batch: number;
    candidates: number;
    parents: number;
    encoding: string;
  } => ({
    initial: 10,
    batch: 10,
    candidates: 100,
    parents: 10,
    encoding: "one-hot",
  }),
  check({ encoding, ...counts }) {
    for (const [name, value] of Object.entries(counts))
      if (!Number.isInteger(value) || value < 1)
        throw new UserError(`bananas: ${name} is ${value}`, "It must be a whole number from 1 up.");
    encodingOf(encoding);
  },
  init: () => nothingTold,
  ask(state, context) {
    const { rng, pending } = context;
    const thought = open(state, pending).map(({ genome, mean, deviation }) => ({
      genome,
      sampled: mean + deviation * rng.normal(),
    }));
    if (thought.length === 0) return fresh(state, context);
    return thought.reduce((a, b) => (b.sampled > a.sampled ? b : a)).genome;
  },
  tell(before, trial, { moves }, options) {
    const state = remember(before, trial);
    if (!isDue(state, options)) return state;
    const rng = streamOf("bananas", state);
    const guess = fitted(state, mlpEnsemble, options.encoding, moves, rng);
    const parents = best(state).slice(0, options.parents);
    const found = new Set<string>();
    for (let i = 0; i < options.candidates; i++) {
      let genome = rng.pick(parents);
      for (let k = 0; k < patience; k++) {
        genome = moves.mutate(genome, rng);
        if (hasSeen(state.seen, genome) || found.has(genome)) continue;
        found.add(genome);
        break;
      }
    }
    return propose(state, [...found].map(guess));
  },
});
