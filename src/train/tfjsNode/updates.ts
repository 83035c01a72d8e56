import { type Rule, rules, type Step } from "../rules.js";
import type { Tensor, Tensors } from "./tensors.js";

/** Where a weight and its slots are after a step, each a new tensor. */
interface Moved {
  readonly weight: Tensor;
  /** As in `rules`. */
  readonly slots: readonly Tensor[];
}

type Update = (tf: Tensors, weight: Tensor, gradient: Tensor, slots: readonly Tensor[], by: Step) => Moved;

/** The arithmetic of every rule. */
export const updates: Readonly<Record<Rule, Update>> = {
  sgd(tf, weight, gradient, [velocity], { learningRate, momentum, nesterov, weightDecay }) {
    const { plus, times, less } = arithmetic(tf);
    const pull = weightDecay === 0 ? gradient : plus(gradient, times(weight, weightDecay));
    const moved = plus(times(velocity!, momentum), pull);
    const step = nesterov ? plus(times(moved, momentum), pull) : moved;
    return { weight: less(weight, times(step, learningRate)), slots: [moved] };
  },

  adamw(tf, weight, gradient, [means, squares], { learningRate, momentum, number, weightDecay }) {
    const { plus, times, less, square, ratio, root } = arithmetic(tf);
    const { squares: keep, epsilon } = rules.adamw;
    const mean = plus(times(means!, momentum), times(gradient, 1 - momentum));
    const spread = plus(times(squares!, keep), times(square(gradient), 1 - keep));
    const size = plus(root(times(spread, 1 / (1 - keep ** number))), epsilon);
    const step = ratio(times(mean, learningRate / (1 - momentum ** number)), size);
    return {
      weight: less(weightDecay === 0 ? weight : times(weight, 1 - learningRate * weightDecay), step),
      slots: [mean, spread],
    };
  },

  rmsprop(tf, weight, gradient, [squares, velocity], { learningRate, momentum, weightDecay }) {
    const { plus, times, less, square, ratio, root } = arithmetic(tf);
    const { squares: keep, epsilon } = rules.rmsprop;
    const pull = weightDecay === 0 ? gradient : plus(gradient, times(weight, weightDecay));
    const spread = plus(times(squares!, keep), times(square(pull), 1 - keep));
    const step = ratio(times(pull, learningRate), root(plus(spread, epsilon)));
    const moved = plus(times(velocity!, momentum), step);
    return { weight: less(weight, moved), slots: [spread, moved] };
  },
};

function arithmetic(tf: Tensors) {
  const tensor = (x: Tensor | number) => (typeof x === "number" ? tf.floats([], Float32Array.of(x)) : x);
  const binary = (name: string) => (a: Tensor, b: Tensor | number) => tf.op(name, [a, tensor(b)]);
  return {
    plus: binary("AddV2"),
    times: binary("Mul"),
    less: binary("Sub"),
    ratio: binary("RealDiv"),
    square: (a: Tensor) => tf.op("Square", [a]),
    root: (a: Tensor) => tf.op("Sqrt", [a]),
  };
}
