/**
 * MnasNet's weighted product: accuracy · (latency / target)^w with w = alpha within the target, beta over it.
 * Soft: both -0.07. Hard: 0 and -1, accuracy alone within the target.
 *
 * Source: Tan et al. 2019, MnasNet, arXiv:1807.11626, §3.
 */
export const mnas = (
  accuracy: number,
  latencyMs: number,
  targetMs: number,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
): number => accuracy * (latencyMs / targetMs) ** (latencyMs <= targetMs ? alpha : beta);

/**
 * The same over any costs, one weight for all: accuracy · Π (cost / reference)^-weight.
 *
 * @param shares  each cost as a share of its reference
 */
export const weighted = (accuracy: number, shares: readonly number[], weight: number): number =>
  shares.reduce((worth, share) => worth * share ** -weight, accuracy);

export const soft = { alpha: -0.07, beta: -0.07 } as const;
export const hard = { alpha: 0, beta: -1 } as const;

/**
 * TuNAS' absolute reward: accuracy + beta · |latency / target - 1|, beta below 0;
 * faster than the target is penalised as much as slower.
 *
 * Source: Bender et al. 2020, TuNAS, arXiv:2008.06120.
 */
export const tunas = (accuracy: number, latencyMs: number, targetMs: number, beta = -0.1): number =>
  accuracy + beta * Math.abs(latencyMs / targetMs - 1);
