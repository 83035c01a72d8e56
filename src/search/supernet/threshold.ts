import { type LogitGradient, type Logits, softmax } from "./architecture.js";
import { eachRun } from "./sharing.js";
import { levelsOf, type Nested } from "./superkernel.js";
import type { Gradients, SharedWeights } from "./weights.js";

/**
 * Logarithm of the thresholds at the beginning: a shell stays while the mean square of its numbers is above e⁻¹ of the
 * core's. The paper's thresholds begin at 0 and are of ‖w‖² itself, which has no unit: a norm behind
 * every kernel makes the network the same whatever the kernel is multiplied by.
 */
const start = -1;

/** Added to mean squares, so that none is 0. */
const least = 1e-12;

/** A superkernel's shells: for each nested value but the smallest, how far its numbers are above the threshold. */
export interface Margins {
  readonly nested: Nested;
  /** ln(‖w‖² / t), t in units of the core's mean square; the shell is on above 0. */
  readonly values: readonly number[];
  /** By value, the core's first: derivative of ln(mean square) by a weight, as a factor of the weight. */
  readonly slopes: readonly number[];
}

/** Sum of squares and count of the numbers of each level, over all cuts. */
function squares({ cuts, order }: Nested, weights: SharedWeights) {
  const sums = order.map(() => 0);
  const counts = order.map(() => 0);
  for (const cut of cuts) {
    const { values, shape } = weights.get(cut.key)!;
    const levels = levelsOf(cut);
    eachRun(cut, shape, (inWhole, inSlice, count) => {
      for (let n = 0; n < count; n++) {
        const level = levels[inSlice + n]!;
        sums[level]! += values[inWhole + n]! ** 2;
        counts[level]! += 1;
      }
    });
  }
  return { sums, counts };
}

/**
 * How far each shell is above its threshold.
 *
 * @param parameters  of the decision, by value: logarithms of thresholds, but for the smallest nested value's, which is not read
 */
export function marginsOf(nested: Nested, weights: SharedWeights, parameters: readonly number[]): Margins {
  const { sums, counts } = squares(nested, weights);
  const logs = sums.map((sum, level) =>
    counts[level] === 0 ? null : Math.log(sum / counts[level]! + least),
  );
  return {
    nested,
    values: nested.order
      .slice(1)
      .map((value, n) => (logs[n + 1] ?? logs[0]!) - logs[0]! - start - parameters[value]!),
    slopes: sums.map((sum, level) => (counts[level] === 0 ? 0 : 2 / (sum + least * counts[level]!))),
  };
}

/** How many shells are on: those up to the first whose norm is not above its threshold. */
export const shellsOn = (values: readonly number[]): number =>
  values.every((x) => x > 0) ? values.length : values.findIndex((x) => !(x > 0));

/** For each shell the one that decides whether it can be on: of those up to it, the least above its threshold. */
function deciding(values: readonly number[]): readonly number[] {
  let at = 0;
  return values.map((x, n) => {
    if (x < values[at]!) at = n;
    return at;
  });
}

/** Probabilities of the nested values among themselves: of two, the sigmoid of the one margin. */
export function sharesOf(values: readonly number[]): readonly number[] {
  let sum = 0;
  return softmax([0, ...deciding(values).map((n) => (sum += values[n]!))]);
}

/**
 * The logits that margins stand for, in place of the thresholds: the likeliest value of a decision is
 * the largest whose shells are all on, so relaxing the indicators changes no decision.
 */
export function logitsOf(parameters: Logits, margins: readonly Margins[]): Logits {
  const logits: { [name: string]: number[] } = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, [...values]]),
  );
  for (const { nested, values } of margins)
    sharesOf(values).forEach((p, level) => {
      logits[nested.name]![nested.order[level]!] = Math.log(Math.max(p, 1e-30));
    });
  return logits;
}

/** From a gradient by the nested values' logits, the core's first, that by margins. */
function throughShares(values: readonly number[], by: readonly number[]): readonly number[] {
  const shares = sharesOf(values);
  const sum = by.reduce((a, b) => a + b, 0);
  const found = values.map(() => 0);
  deciding(values).forEach((decider, n) => {
    for (let level = n + 1; level < by.length; level++) found[decider]! += by[level]! - shares[level]! * sum;
  });
  return found;
}

/**
 * From a gradient by a decision's indicators, that by its margins: of the loss's mean over the values as the
 * sigmoids draw them, where each shell that is on is worth what its indicator's gradient says. Of one
 * shell that is the gradient times the sigmoid's slope.
 */
export function throughSteps({ values }: Margins, byIndicator: readonly number[]): readonly number[] {
  const shares = sharesOf(values);
  let worth = 0;
  const by = byIndicator.map((g, shell) => {
    worth += g;
    return shares[shell + 1]! * worth;
  });
  return throughShares(values, [0, ...by]);
}

/** Put in the place of a gradient by a decision's nested logits that by its thresholds, which margins fall by. */
export function throughThresholds(to: LogitGradient, { nested: { name, order }, values }: Margins): void {
  const by = throughShares(
    values,
    order.map((value) => to[name]![value]!),
  );
  order.forEach((value, level) => {
    to[name]![value] = level === 0 ? 0 : -by[level - 1]!;
  });
}

/**
 * Add a gradient by margins to that by weights, through the norms; of the weights that took part in the
 * step alone, as all others stay as they are.
 */
export function addThroughNorms(
  into: Gradients,
  weights: SharedWeights,
  { nested, slopes }: Margins,
  by: readonly number[],
): void {
  const core = -slopes[0]! * by.reduce((a, b) => a + b, 0);
  const factors = slopes.map((slope, level) => (level === 0 ? core : slope * by[level - 1]!));
  for (const cut of nested.cuts) {
    const sums = into.get(cut.key);
    if (sums === undefined) continue;
    const { values, shape } = weights.get(cut.key)!;
    const levels = levelsOf(cut);
    eachRun(cut, shape, (inWhole, inSlice, count) => {
      for (let n = 0; n < count; n++)
        if (sums.touched[inWhole + n] === 1)
          sums.sum[inWhole + n]! += factors[levels[inSlice + n]!]! * values[inWhole + n]!;
    });
  }
}
