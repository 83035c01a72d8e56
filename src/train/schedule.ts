/**
 * Learning rate of a step: linear from 0 to `peak` over the warm-up, then half a
 * cosine down to 0, which the step after the last would reach.
 *
 * @param step    0 .. steps - 1
 * @param warmUp  share of the steps, 0..1
 *
 * Source: Loshchilov and Hutter 2016, SGDR, arXiv:1608.03983, eq. 5, without restarts;
 * warm-up of Goyal et al. 2017, arXiv:1706.02677, §2.2.
 */
export function learningRateAt(step: number, steps: number, peak: number, warmUp: number): number {
  const warm = Math.round(steps * warmUp);
  if (step < warm) return (peak * (step + 1)) / (warm + 1);
  return (peak * (1 + Math.cos((Math.PI * (step - warm)) / (steps - warm)))) / 2;
}
