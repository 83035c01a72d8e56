/** Errors below this, of 0..1, are not told apart. */
const leastError = 0.001;

/** The logarithm of the error, negated: a tenth less error counts alike among good networks and bad ones. */
export const goodness = (accuracy: number): number => -Math.log(Math.max(leastError, 1 - accuracy));

/** The inverse of `goodness`, but for errors below the least. */
export const accuracyOf = (goodness: number): number => 1 - Math.exp(-goodness);
