import type { Shape } from "../graph/op.js";

/** Numbers of some examples, one a class. */
export interface Logits {
  readonly count: number;
  /** [classes, 1, 1]. */
  readonly shape: Shape;
  /** [count, classes]. */
  readonly data: Float64Array;
}

/** How well logits meet labels. */
export interface Loss<T extends Logits> {
  /** Mean over the examples. */
  readonly loss: number;
  /** Examples whose right class has the largest logit, the first among equals. */
  readonly correct: number;
  /** Of the loss, by logit. */
  readonly gradient: T;
}

/**
 * Cross-entropy with smoothed labels: 1 - smoothing on the right class and
 * smoothing / classes more on every class.
 *
 * @param labels   [count], each 0 .. classes - 1
 * @param targets  [count, classes]: the shares wanted of each class, instead of smoothed labels'
 *
 * Source: Szegedy et al. 2016, arXiv:1512.00567, §7.
 */
export function crossEntropy<T extends Logits>(
  logits: T,
  labels: Uint8Array,
  smoothing: number,
  targets?: Float32Array,
): Loss<T> {
  const { count, data } = logits;
  const classes = logits.shape[0];
  const wanted = (i: number) =>
    targets?.[i] ??
    smoothing / classes + (i % classes === labels[Math.floor(i / classes)] ? 1 - smoothing : 0);
  const logLikelihood = new Float64Array(count * classes);
  let correct = 0;
  for (let n = 0; n < count; n++) {
    const row = data.subarray(n * classes, (n + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const logSum = largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    logLikelihood.set(
      row.map((logit) => logit - logSum),
      n * classes,
    );
    if (row.indexOf(largest) === labels[n]) correct++;
  }
  return {
    loss: logLikelihood.reduce((sum, l, i) => sum - wanted(i) * l, 0) / count,
    correct,
    gradient: { ...logits, data: logLikelihood.map((l, i) => (Math.exp(l) - wanted(i)) / count) },
  };
}
