import { mean } from "../../base/stats.js";
import type { Choices, Distribution } from "./architecture.js";
import type { Learner } from "./checkpoint.js";
import type { Guarded, Rule, Sign } from "./question.js";

/** Above this probability of candidates without weights, most stages that may do without layers would. */
const mostFree = 0.5;
/** Below this entropy, before half of the epochs are done, decisions have settled too early. */
const leastEntropy = 0.15;
/** Above this, what is derived is much worse than what was trained. */
const mostGap = 0.25;
/** How much more of the steps on weights leave out candidates without weights at a sign of collapse, and at most. */
const [moreDropout, mostDropout] = [0.25, 0.75];

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
 * Look at a distribution for the signs of collapse after an epoch, and act: candidates without
 * weights are left out of more steps on weights, and the architecture parameters rest for an
 * epoch, so that the weights of the others catch up. While they rest nothing more is done.
 *
 * Sources: Liang et al. 2019, DARTS+, arXiv:1909.06035 (counting skips, and stopping at too many);
 * Zela et al. 2020, RobustDARTS, arXiv:1909.09656 (what is derived does worse than the supernet);
 * Chen et al. 2019, P-DARTS, arXiv:1904.12760, §3.3 (leaving skips out of steps). The numbers are ours.
 *
 * @param learner  after the epoch
 */
export function guard(
  choices: Choices,
  distribution: Distribution,
  learner: Learner,
  seen: Pick<Guarded, "accuracy" | "derivedAccuracy">,
  { epochs, warmUp }: Pick<Rule, "epochs" | "warmUp">,
): { readonly guarded: Guarded; readonly learner: Learner } {
  const shares = freeShares(choices, distribution);
  const freeShare = shares.length > 0 ? mean(shares) : null;
  const entropy = mean(Object.values(distribution.values).map(entropyOf));
  const gap = seen.accuracy - (seen.derivedAccuracy ?? seen.accuracy);
  const found: Readonly<Record<Sign, boolean>> = {
    free: (freeShare ?? 0) > mostFree,
    settled: entropy < leastEntropy && learner.epoch < epochs / 2,
    gap: gap > mostGap,
  };
  const signs = learner.epoch <= warmUp ? [] : (Object.keys(found) as Sign[]).filter((sign) => found[sign]);
  const rests = signs.length > 0 && learner.rest === 0;
  const dropout = rests ? Math.min(mostDropout, learner.dropout + moreDropout) : learner.dropout;
  return {
    guarded: { freeShare, entropy, ...seen, signs, rests, dropout },
    learner: { ...learner, dropout, rest: rests ? 1 : Math.max(0, learner.rest - 1) },
  };
}
