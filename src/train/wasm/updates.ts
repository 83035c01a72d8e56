import { type Rule, rules, type Step } from "../rules.js";
import type { Address, Kernels } from "./kernels.js";

/** Moves a weight of `count` numbers by its gradient, in place; `slots` are as in `rules`. */
type Update = (
  kernels: Kernels,
  weight: Address,
  gradient: Address,
  slots: readonly Address[],
  count: number,
  by: Step,
) => void;

/** The kernel of every rule. */
export const updates: Readonly<Record<Rule, Update>> = {
  sgd(kernels, weight, gradient, [velocity], count, { learningRate, momentum, nesterov, weightDecay }) {
    kernels.sgd(weight, gradient, velocity!, count, learningRate, momentum, weightDecay, nesterov);
  },

  adamw(kernels, weight, gradient, [means, squares], count, step) {
    const { momentum, number, learningRate, weightDecay } = step;
    const { squares: keep, epsilon } = rules.adamw;
    const [ofMean, ofSquare] = [1 / (1 - momentum ** number), 1 / (1 - keep ** number)];
    kernels.adamw(
      weight,
      gradient,
      means!,
      squares!,
      count,
      learningRate,
      momentum,
      keep,
      ofMean,
      ofSquare,
      epsilon,
      weightDecay,
    );
  },

  rmsprop(kernels, weight, gradient, [squares, velocity], count, { learningRate, momentum, weightDecay }) {
    const { squares: keep, epsilon } = rules.rmsprop;
    kernels.rmsprop(
      weight,
      gradient,
      squares!,
      velocity!,
      count,
      learningRate,
      momentum,
      keep,
      epsilon,
      weightDecay,
    );
  },
};
