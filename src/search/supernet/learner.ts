import {
  type Choices,
  distributionOf,
  evenLogits,
  type LogitGradient,
  type Logits,
  zeroGradient,
} from "./architecture.js";
import type { Learner } from "./checkpoint.js";

export const newLearner = (choices: Choices): Learner => ({
  epoch: 0,
  logits: evenLogits(choices),
  first: zeroGradient(choices),
  second: zeroGradient(choices),
  steps: 0,
  latencyWeight: 1,
  baseline: null,
  dropout: 0,
  rest: 0,
});

/** As ProxylessNAS has them: no momentum, so that a step follows what was just seen. */
const adam = { first: 0, second: 0.999, epsilon: 1e-8 };

/** The learner after one step of Adam down a gradient. */
export function stepped(learner: Learner, gradient: LogitGradient, rate: number): Learner {
  const steps = learner.steps + 1;
  const mixed = (old: Logits, stays: number, of: (g: number) => number): Logits =>
    Object.fromEntries(
      Object.entries(old).map(([name, values]) => [
        name,
        values.map((v, i) => stays * v + (1 - stays) * of(gradient[name]![i]!)),
      ]),
    );
  const first = mixed(learner.first, adam.first, (g) => g);
  const second = mixed(learner.second, adam.second, (g) => g * g);
  const logits = Object.fromEntries(
    Object.entries(learner.logits).map(([name, values]) => [
      name,
      values.map((v, i) => {
        const mean = first[name]![i]! / (1 - adam.first ** steps);
        const square = second[name]![i]! / (1 - adam.second ** steps);
        return v - (rate * mean) / (Math.sqrt(square) + adam.epsilon);
      }),
    ]),
  );
  return { ...learner, logits, first, second, steps };
}

export const distributionBy = (choices: Choices, { logits }: Learner) => distributionOf(choices, logits);
