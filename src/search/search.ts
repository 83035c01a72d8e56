import { type Rng, stream } from "../base/rng.js";
import type { Draw } from "./feasible.js";
import { type Goal, mostAccurate } from "./goal.js";
import type { Screen } from "./screen.js";
import type { Asked, Options, Scheduled } from "./strategy.js";
import type { Told, Trial } from "./trial.js";

/** A question: which genome, as which trial. */
export interface Question extends Asked {
  readonly number: number;
  readonly rejected: number;
}

/** Everything a run's result depends on but time. */
export interface Plan<State = unknown, O extends Options = Options, T extends Told = Trial> {
  readonly strategy: Scheduled<State, O>;
  readonly options: O;
  /** Without it: the most accurate. */
  readonly goal?: Goal;
  readonly seed: number;
  /** Questions in all; fewer when the strategy has no more. */
  readonly trials: number;
  /** Questions asked before the oldest is told; part of the result, as the number of workers is not. */
  readonly ahead: number;
  /** Of the strategy's supernet, the most promising first. */
  readonly derived?: readonly string[];
  /** New moves for each question, which count what they reject. */
  draw(): Draw;
  /** What stands between the strategy and a question: it may ask again, with another stream, or ask what it chose itself. */
  readonly screen?: Screen;
  /** Answer a question; a trial that fails is an answer, too. */
  evaluate(question: Question): Promise<T>;
}

/**
 * The one loop: ask `ahead` questions, tell the answers in the order asked.
 * There is no resume in it: the same plan runs again, with an `evaluate` that
 * knows the answers already given.
 */
export async function* search<State, O extends Options, T extends Told = Trial>(
  plan: Plan<State, O, T>,
): AsyncGenerator<T> {
  const { strategy, options, goal = mostAccurate, seed, trials, ahead } = plan;
  const flying: { readonly asked: Asked; readonly answer: Promise<T> }[] = [];
  let state = strategy.init(options);
  for (let n = 0; n < trials || flying.length > 0; ) {
    while (n < trials && flying.length < ahead) {
      const { moves, rejected } = plan.draw();
      const pending = flying.map(({ asked }) => asked);
      const { derived } = plan;
      const context = { ...goal, moves, pending, ...(derived && { derived }) };
      const ask = (rng: Rng) => strategy.ask(state, { ...context, rng }, options);
      const next = plan.screen ? await plan.screen(n, ask) : ask(stream(seed, "ask", n));
      if (next === undefined) break;
      const asked = typeof next === "string" ? { genome: next } : next;
      const answer = plan.evaluate({ number: n++, ...asked, rejected: rejected() });
      answer.catch(() => {}); // met when its turn comes; until then Node must not call it unhandled
      flying.push({ asked, answer });
    }
    const oldest = flying.shift();
    if (oldest === undefined) return;
    const trial = await oldest.answer;
    yield trial;
    state = strategy.tell(state, trial, { ...goal, moves: plan.draw().moves }, options);
  }
}
