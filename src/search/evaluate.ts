import { UserError } from "../base/errors.js";
import type { Form } from "../space/build.js";
import { genomeHash } from "../space/candidate.js";
import type { Space } from "../space/space.js";
import type { Fidelity } from "../train/fit.js";
import type { TrainingAnswer, TrainingQuestion } from "../train/question.js";
import type { ScoringAnswer } from "../train/score.js";
import { type Limits, overLimits } from "./goal.js";
import { proxyNetwork } from "./proxyNetwork.js";
import type { Question } from "./search.js";
import type { Measure, Outcome, Trial } from "./trial.js";

/** What the answer to a question needs. */
export interface Evaluation {
  readonly space: Space;
  /** The form that is trained. */
  readonly proxy: Form;
  readonly fidelity: Fidelity;
  readonly engine: string;
  readonly seed: number;
  readonly limits: Limits;
  /** A network that is asked again is trained again, instead of sharing the earlier answer. */
  readonly repeats?: boolean;
  measure(genome: string): Measure;
  train(question: TrainingQuestion): Promise<TrainingAnswer>;
  /** Instead of training: what a proxy says of the network of a genome. */
  rate?(genome: string): Promise<ScoringAnswer>;
  /** The stored answer of a trial, if it is finished. */
  recall(number: number): Trial | undefined;
  /** Store an answer; it is safe once this resolves. */
  record(trial: Trial): Promise<void>;
}

const outcomeOf = (answer: TrainingAnswer): Outcome =>
  answer.status === "scored"
    ? {
        status: "scored",
        why: null,
        accuracy: answer.accuracy,
        accuracyKind: "proxy",
        score: null,
        epochs: answer.epochs,
        engine: answer.engine,
        seconds: answer.seconds,
      }
    : {
        status: "failed",
        why: answer.why,
        accuracy: null,
        accuracyKind: null,
        score: null,
        epochs: [],
        engine: null,
        seconds: 0,
      };

const ratedBy = (answer: ScoringAnswer): Outcome =>
  answer.status === "failed"
    ? outcomeOf(answer)
    : { ...answer, status: "rated", why: null, accuracy: null, accuracyKind: null, epochs: [] };

const skipped = (why: string): Outcome => ({
  status: "skipped",
  why,
  accuracy: null,
  accuracyKind: null,
  score: null,
  epochs: [],
  engine: null,
  seconds: 0,
});

/**
 * How questions are answered: from the ledger when they were before; else what is
 * over a limit is skipped, the same network and epochs as an earlier trial share its answer, and
 * the rest is trained. Every new answer is stored before it is given.
 */
export function evaluator(given: Evaluation): (question: Question) => Promise<Trial> {
  const first = new Map<string, Promise<Trial>>();

  const answer = async (question: Question, earlier: Promise<Trial> | undefined): Promise<Trial> => {
    const { number, genome, rejected } = question;
    const askedEpochs = question.epochs ?? null;
    const stored = given.recall(number);
    if (stored !== undefined) {
      if (stored.genome === genome && stored.askedEpochs === askedEpochs) return stored;
      throw new UserError(
        `trial ${number} of the ledger is another network, or other training, than this version asks`,
        "The run was made by another version of nas; start a new one.",
      );
    }
    const measure = given.measure(genome);
    const known = { number, genome, hash: genomeHash(genome), rejected, askedEpochs, ...measure };
    let trial: Trial;
    const over = overLimits(measure, given.limits);
    if (over.length > 0) {
      trial = { ...known, duplicateOf: null, ...skipped(over.join("; ")) };
    } else if (earlier !== undefined) {
      const same = await earlier;
      trial = { ...same, ...known, duplicateOf: same.duplicateOf ?? same.number };
    } else if (given.rate !== undefined) {
      trial = { ...known, duplicateOf: null, ...ratedBy(await given.rate(genome)) };
    } else {
      const network = proxyNetwork(given.space, given.proxy, genome);
      const { seed, engine } = given;
      const fidelity = { ...given.fidelity, ...(askedEpochs === null ? {} : { epochs: askedEpochs }) };
      trial = {
        ...known,
        duplicateOf: null,
        ...outcomeOf(await given.train({ network, seed, trial: number, fidelity, engine })),
      };
    }
    await given.record(trial);
    return trial;
  };

  return (question) => {
    const key = `${question.epochs ?? "all"} ${question.genome}`;
    const earlier = given.repeats ? undefined : first.get(key);
    const trial = answer(question, earlier);
    if (earlier === undefined) first.set(key, trial);
    return trial;
  };
}
