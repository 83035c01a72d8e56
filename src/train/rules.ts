/**
 * How a gradient moves a weight w at rate r in step t, counted from 1. g is the gradient with the weight decay.
 *
 * - `sgd`      v = momentum·v + g; w -= r·v, or with nesterov r·(g + momentum·v)
 * - `adamw`    m = momentum·m + (1 - momentum)·g; s = 0.999·s + 0.001·g²;
 *              w -= r·(m / (1 - momentumᵗ)) / (√(s / (1 - 0.999ᵗ)) + 1e-8) and r·weightDecay·w, which is not in g here
 * - `rmsprop`  s = 0.9·s + 0.1·g²; v = momentum·v + r·g / √(s + 0.001); w -= v
 *
 * Sources: Sutskever et al. 2013; Loshchilov and Hutter 2019, arXiv:1711.05101; RMSProp in TensorFlow's form with the
 * constants of Tan et al. 2019, MnasNet, arXiv:1807.11626, and its code.
 */
export const rules = {
  /** `slots`: what a weight's numbers of the rule's own start at. sgd: v. */
  sgd: { slots: [0] },
  /** m, s. */
  adamw: { slots: [0, 0], squares: 0.999, epsilon: 1e-8 },
  /** s, v. */
  rmsprop: { slots: [1, 0], squares: 0.9, epsilon: 1e-3 },
} as const;

export type Rule = keyof typeof rules;

/** One step of a rule. */
export interface Step {
  readonly learningRate: number;
  /** From 1. */
  readonly number: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Of this weight. */
  readonly weightDecay: number;
}

/**
 * How much of a moving average stays in a step: less at first, when it has averaged little.
 *
 * @param averaging  0..1, what stays in the end
 * @param step       from 1
 */
export const stayingAt = (averaging: number, step: number): number =>
  Math.min(averaging, (1 + step) / (10 + step));
