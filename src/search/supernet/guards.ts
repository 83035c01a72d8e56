import type { Choices, Distribution } from "./architecture.js";
import type { Learner } from "./checkpoint.js";
import type { Guarded } from "./question.js";

/** Above this share of candidates without weights a distribution has collapsed to them. */
const mostFree = 0.7;
/** Below this entropy, before half of the epochs are done, it has settled too early. */
const leastEntropy = 0.15;
/** Above this, what is derived is much worse than what was trained. */
const mostGap = 0.25;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The probability of candidates without weights, in each stage that has such and others. */
export const freeShares = ({ stages }: Choices, { candidates }: Distribution): readonly number[] =>
  stages.flatMap((stage, i) =>
    stage.some(({ isFree }) => isFree) && stage.some(({ isFree }) => !isFree)
      ? [stage.reduce((sum, { isFree }, c) => sum + (isFree ? candidates[i]![c]! : 0), 0)]
      : [],
  );

/** Entropy of a decision as a share of its largest, 0..1. */
const entropyOf = (values: readonly number[]): number =>
  -values.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0) / Math.log(values.length);

/**
 * Look at a distribution for the signs of collapse, and act: candidates without weights are left
 * out of more steps on weights, and the architecture parameters rest for an epoch, so that
 * the weights of the others catch up.
 *
 * Source of the signs: Zela et al. 2020, arXiv:1909.09656; Chu et al. 2020, arXiv:1911.12126; of
 * leaving out: Bender et al. 2018, Understanding and simplifying one-shot architecture search.
 */
export function guard(
  choices: Choices,
  distribution: Distribution,
  learner: Learner,
  { gap, epochs }: { readonly gap: number; readonly epochs: number },
): { readonly guarded: Guarded; readonly learner: Learner } {
  const shares = freeShares(choices, distribution);
  const freeShare = shares.length > 0 ? mean(shares) : null;
  const entropy = mean(Object.values(distribution.values).map(entropyOf));
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const signs = [
    ...(freeShare !== null && freeShare > mostFree
      ? [`candidates without weights have ${percent(freeShare)} of the probability`]
      : []),
    ...(entropy < leastEntropy && learner.epoch < epochs / 2
      ? [
          `decisions have ${percent(entropy)} of their entropy left after ${learner.epoch} of ${epochs} epochs`,
        ]
      : []),
    ...(gap > mostGap
      ? [`the network derived now does ${percent(gap)} worse than the supernet's steps`]
      : []),
  ];
  if (signs.length === 0 || learner.rest > 0)
    return {
      guarded: { freeShare, entropy, gap, collapse: null },
      learner: { ...learner, rest: Math.max(0, learner.rest - 1) },
    };
  const dropout = Math.min(0.75, learner.dropout + 0.25);
  const act = `architecture parameters rest for an epoch, candidates without weights are left out of ${percent(dropout)} of steps`;
  return {
    guarded: { freeShare, entropy, gap, collapse: `${signs.join("; ")}: ${act}` },
    learner: { ...learner, dropout, rest: 1 },
  };
}
