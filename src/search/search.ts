import { stream } from "../base/rng.js";
import type { Draw } from "./feasible.js";
import { better } from "./objective.js";
import type { Options, Strategy } from "./strategy.js";
import type { Trial } from "./trial.js";

/** A question: which genome, as which trial. */
export interface Question {
  readonly number: number;
  readonly genome: string;
  readonly rejected: number;
}

/** Everything a run's result depends on but time. */
export interface Plan<State = unknown, O extends Options = Options> {
  readonly strategy: Strategy<State, O>;
  readonly options: O;
  readonly seed: number;
  /** Questions in all. */
  readonly trials: number;
  /** Questions asked before the oldest is told; part of the result, as the number of workers is not. */
  readonly ahead: number;
  /** New moves for each question, which count what they reject. */
  draw(): Draw;
  /** Answer a question; a trial that fails is an answer, too. */
  evaluate(question: Question): Promise<Trial>;
}

/**
 * The one loop: ask `ahead` questions, tell the answers in the order asked.
 * There is no resume in it: the same plan runs again, with an `evaluate` that
 * knows the answers already given.
 *
 */
export async function* search<State, O extends Options>(plan: Plan<State, O>): AsyncGenerator<Trial> {
  const { strategy, options, seed, trials, ahead } = plan;
  const flying: Promise<Trial>[] = [];
  let state = strategy.init(options);
  for (let n = 0; n < trials || flying.length > 0; ) {
    while (n < trials && flying.length < ahead) {
      const { moves, rejected } = plan.draw();
      const genome = strategy.ask(state, { moves, rng: stream(seed, "ask", n), better }, options);
      const answer = plan.evaluate({ number: n++, genome, rejected: rejected() });
      answer.catch(() => {}); // met when its turn comes; until then Node must not call it unhandled
      flying.push(answer);
    }
    const trial = await flying.shift()!;
    yield trial;
    state = strategy.tell(state, trial, { better }, options);
  }
}
