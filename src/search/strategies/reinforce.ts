import { UserError } from "../../base/errors.js";
import { isScored } from "../objective.js";
import { hard, mnas, soft, tunas } from "../reward.js";
import { type Decision, defineStrategy } from "../strategy.js";
import type { Told } from "../trial.js";

/** Logits of a decision with Adam's two moments, and how often it was updated. */
interface Softmax {
  readonly logits: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly steps: number;
}

interface Policy {
  readonly decisions: { readonly [name: string]: Softmax };
  /** Decaying sum of rewards, and of the weights in it. */
  readonly rewards: number;
  readonly weights: number;
}

const rewards = {
  accuracy: (accuracy: number) => accuracy,
  "mnas-soft": (accuracy: number, ms: number, target: number) => mnas(accuracy, ms, target, soft),
  "mnas-hard": (accuracy: number, ms: number, target: number) => mnas(accuracy, ms, target, hard),
  tunas: (accuracy: number, ms: number, target: number) => tunas(accuracy, ms, target),
} as const;

const adam = { first: 0.9, second: 0.999, epsilon: 1e-8 };

const fresh = (values: number): Softmax => {
  const zeros = Array<number>(values).fill(0);
  return { logits: zeros, first: zeros, second: zeros, steps: 0 };
};

function probabilities({ logits }: Softmax): readonly number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** One of Adam's steps up the gradient. */
function climb(softmax: Softmax, gradient: readonly number[], rate: number): Softmax {
  const steps = softmax.steps + 1;
  const first = softmax.first.map((m, i) => adam.first * m + (1 - adam.first) * gradient[i]!);
  const second = softmax.second.map((v, i) => adam.second * v + (1 - adam.second) * gradient[i]! ** 2);
  const logits = softmax.logits.map((logit, i) => {
    const mean = first[i]! / (1 - adam.first ** steps);
    const square = second[i]! / (1 - adam.second ** steps);
    return logit + (rate * mean) / (Math.sqrt(square) + adam.epsilon);
  });
  return { logits, first, second, steps };
}

/** Gradient by the logits of advantage · ln p(taken) + entropy weight · H(p). */
function gradientOf(softmax: Softmax, taken: number, advantage: number, entropyWeight: number) {
  const p = probabilities(softmax);
  const entropy = -p.reduce((sum, q) => sum + q * Math.log(q), 0);
  return p.map(
    (q, i) => advantage * ((i === taken ? 1 : 0) - q) - entropyWeight * q * (Math.log(q) + entropy),
  );
}

/** Draws over the limits before the moves' own draw is taken. */
const patience = 200;

/**
 * REINFORCE with a factorized policy: an independent softmax for every decision,
 * pushed towards what was better than the running mean.
 *
 * state    logits of every decision met, with Adam's moments; the mean of rewards
 * ask      each active decision drawn from its softmax; redrawn while over the limits
 * tell     one step of Adam up (reward - mean) · ∇ ln p, for the decisions the genome makes;
 *          the mean (decay `baseline`, bias-corrected) has this reward in it already.
 *          A trial without accuracy teaches nothing.
 * defaults Adam 0.9, 0.999 at rate 0.01, baseline 0.9, no entropy, as NAS-Bench-201 ran it;
 *          the reward is in percent of accuracy, so that `entropy` weighs against 0..100
 * reward   accuracy; or with the latency limit as target mnas-soft, mnas-hard, tunas
 * paper    Williams 1992; Dong & Yang 2020, NAS-Bench-201, arXiv:2001.00326;
 *          Bender et al. 2020, TuNAS, arXiv:2008.06120
 */
export const reinforce = defineStrategy({
  summary: "policy gradient: a softmax for every decision, pushed towards what did better",
  redraws: true,
  needsAccuracy: true,
  defaults: (): { reward: string; rate: number; baseline: number; entropy: number } => ({
    reward: "accuracy",
    rate: 0.01,
    baseline: 0.9,
    entropy: 0,
  }),
  check({ reward, rate, baseline, entropy }) {
    if (!Object.hasOwn(rewards, reward))
      throw new UserError(`reinforce: reward is ${reward}`, `It is ${Object.keys(rewards).join(", ")}.`);
    if (!(rate > 0)) throw new UserError(`reinforce: rate is ${rate}`, "It must be above 0.");
    if (!(baseline >= 0 && baseline < 1))
      throw new UserError(`reinforce: baseline is ${baseline}`, "It must be from 0 up and below 1.");
    if (!(entropy >= 0)) throw new UserError(`reinforce: entropy is ${entropy}`, "It must be 0 or more.");
  },
  init: (): Policy => ({ decisions: {}, rewards: 0, weights: 0 }),
  ask({ decisions }, { moves, rng }) {
    const choose = (name: string, values: number): number => {
      const p = probabilities(decisions[name] ?? fresh(values));
      let rest = rng.float();
      for (const [i, share] of p.entries()) {
        rest -= share;
        if (rest < 0) return i;
      }
      return values - 1;
    };
    for (let i = 0; i < patience; i++) {
      const genome = moves.compose(choose);
      if (moves.fits(genome)) return genome;
    }
    return moves.sample(rng);
  },
  tell(policy, trial, { moves, limits }, { reward, rate, baseline, entropy }) {
    if (!isScored(trial)) return policy;
    const gained = rewardOf(trial, reward, limits.latencyMs);
    const sum = baseline * policy.rewards + (1 - baseline) * gained;
    const weights = baseline * policy.weights + (1 - baseline);
    const advantage = gained - sum / weights;
    const moved = moves.decisions(trial.genome).map(({ name, values, index }: Decision) => {
      const softmax = policy.decisions[name] ?? fresh(values);
      return [name, climb(softmax, gradientOf(softmax, index, advantage, entropy), rate)] as const;
    });
    return {
      decisions: { ...policy.decisions, ...Object.fromEntries(moved) },
      rewards: sum,
      weights,
    };
  },
});

function rewardOf(
  trial: Told & { readonly accuracy: number },
  name: string,
  targetMs: number | undefined,
): number {
  if (name === "accuracy") return 100 * trial.accuracy;
  if (targetMs === undefined || trial.latencyMs === undefined)
    throw new UserError(
      `reinforce: the reward ${name} needs a latency and a limit on it`,
      "Give a latency limit, or take reward=accuracy.",
    );
  return 100 * rewards[name as keyof typeof rewards](trial.accuracy, trial.latencyMs, targetMs);
}
