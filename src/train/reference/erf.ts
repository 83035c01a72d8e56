/**
 * The error function, 2/√π ∫₀ˣ e^(-t²) dt, to about 1e-15.
 *
 * Source: Abramowitz and Stegun, 7.1.6 (series of positive terms) near 0, 7.1.14
 * (continued fraction of the complement) from 2.5 on.
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  return x < 2.5 ? series(x) : 1 - complement(x);
}

/** Φ(x): how likely a normal number of mean 0 and deviation 1 is below x. */
export const normalBelow = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/** φ(x): the density of that number at x. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function complement(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}
