import { type Rule, rules, type Step } from "../rules.js";

/** Moves a weight by its gradient, in place; `slots` are as in `rules`. */
type Update = (
  weight: Float64Array,
  gradient: Float64Array,
  slots: readonly Float64Array[],
  by: Step,
) => void;

/** Every rule as it is defined. */
export const updates: Readonly<Record<Rule, Update>> = {
  sgd(weight, gradient, [velocity], { learningRate, momentum, nesterov, weightDecay }) {
    gradient.forEach((own, i) => {
      const g = own + weightDecay * weight[i]!;
      const v = momentum * velocity![i]! + g;
      velocity![i] = v;
      weight[i]! -= learningRate * (nesterov ? g + momentum * v : v);
    });
  },

  adamw(weight, gradient, [means, squares], { learningRate, number, momentum, weightDecay }) {
    const { squares: keep, epsilon } = rules.adamw;
    gradient.forEach((g, i) => {
      means![i] = momentum * means![i]! + (1 - momentum) * g;
      squares![i] = keep * squares![i]! + (1 - keep) * g * g;
      const mean = means![i]! / (1 - momentum ** number);
      const square = squares![i]! / (1 - keep ** number);
      weight[i]! -= learningRate * (mean / (Math.sqrt(square) + epsilon) + weightDecay * weight[i]!);
    });
  },

  rmsprop(weight, gradient, [squares, velocity], { learningRate, momentum, weightDecay }) {
    const { squares: keep, epsilon } = rules.rmsprop;
    gradient.forEach((own, i) => {
      const g = own + weightDecay * weight[i]!;
      squares![i] = keep * squares![i]! + (1 - keep) * g * g;
      velocity![i] = momentum * velocity![i]! + (learningRate * g) / Math.sqrt(squares![i]! + epsilon);
      weight[i]! -= velocity![i]!;
    });
  },
};
