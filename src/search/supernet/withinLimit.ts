import type { LogitGradient, Logits } from "./architecture.js";

/** Newton's steps at most: expected latency is nearly straight over so short a way. */
const mostSteps = 8;

/**
 * Architecture parameters whose expected latency is over the limit, brought back to it the shortest way there is: down the
 * gradient of the latency alone, and none by more than a step on them may move it. So a step's latency is
 * paid for at once, whatever the weight of latency has learned so far.
 *
 * @param expected  mean latency in ms with some parameters, and its gradient by them
 * @param most      by which a parameter moves at most
 *
 * Source: Rosen 1960, The gradient projection method for nonlinear programming, part I; the limit is its only constraint.
 */
export function withinLimit(
  logits: Logits,
  limitMs: number,
  most: number,
  expected: (logits: Logits) => { readonly ms: number; readonly gradient: LogitGradient },
): Logits {
  const moved = (to: Logits): Logits =>
    Object.fromEntries(
      Object.entries(to).map(([name, values]) => [
        name,
        values.map((v, i) => {
          const from = logits[name]![i]!;
          return Math.max(from - most, Math.min(from + most, v));
        }),
      ]),
    );
  let found = logits;
  for (let step = 0; step < mostSteps; step++) {
    const { ms, gradient } = expected(found);
    const over = ms - limitMs;
    if (over <= 0) return found;
    const square = Object.values(gradient)
      .flat()
      .reduce((sum, g) => sum + g * g, 0);
    if (square === 0) return found;
    const length = over / square;
    found = moved(
      Object.fromEntries(
        Object.entries(found).map(([name, values]) => [
          name,
          values.map((v, i) => v - length * gradient[name]![i]!),
        ]),
      ),
    );
  }
  return found;
}
