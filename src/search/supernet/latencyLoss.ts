/** What the architecture parameters descend, and how it hangs on its two parts. */
export interface Traded {
  readonly value: number;
  /** Derivatives by the cross-entropy and by the expected latency in ms. */
  readonly byLoss: number;
  readonly byMs: number;
}

/** Cross-entropy, expected latency and the limit, in ms, and the weight of latency, 1 as published. */
type Trade = (loss: number, ms: number, limitMs: number, weight: number) => Traded;

/** Published: α and β of FBNet (multiplied by α · (ln LAT)^β), and of ProxylessNAS. */
const fbnet = { alpha: 0.2, beta: 0.6 };
const proxyless = { alpha: 0.2, beta: 0.3, lambda: 0.1 };

/** Logarithms are of microseconds, so that they are positive at a millisecond; latencies are kept in ms. */
const lnUs = (ms: number): number => Math.log(Math.max(1000 * ms, Math.E));

const power = (loss: number, ms: number, scale: number, base: number, exponent: number): Traded => {
  const factor = scale * base ** exponent;
  const slope = (exponent * factor) / (base * ms);
  return { value: loss * factor, byLoss: factor, byMs: loss * slope };
};

/**
 * The losses that accuracy and latency are traded by. The weight, which the controller moves,
 * multiplies β or λ.
 *
 * - `mul-power`   CE · α · (ln LAT)^β, α = 0.2, β = 0.6 (Wu et al. 2019, FBNet, arXiv:1812.03443, eq. 2)
 * - `add-linear`  CE + λ · (LAT / limit - 1), λ = 0.1 (Cai et al. 2019, ProxylessNAS, arXiv:1812.00332)
 * - `mul-log`     CE · α · (ln LAT / ln limit)^β, α = 0.2, β = 0.3 (ProxylessNAS' released code)
 */
export const latencyLosses = {
  "mul-power": (loss, ms, _, weight) => power(loss, ms, fbnet.alpha, lnUs(ms), fbnet.beta * weight),
  "add-linear": (loss, ms, limitMs, weight) => ({
    value: loss + proxyless.lambda * weight * (ms / limitMs - 1),
    byLoss: 1,
    byMs: (proxyless.lambda * weight) / limitMs,
  }),
  "mul-log": (loss, ms, limitMs, weight) => {
    const exponent = proxyless.beta * weight;
    return power(loss, ms, proxyless.alpha * lnUs(limitMs) ** -exponent, lnUs(ms), exponent);
  },
} as const satisfies Record<string, Trade>;

export type LatencyLoss = keyof typeof latencyLosses;

/** Least and largest weight of latency. */
const [least, most] = [0.01, 1000];

/**
 * The weight of latency after a step: larger while the expected latency is over the limit, smaller
 * while it is within, each time by as much as it is off. So nobody has to tune it.
 */
export const steered = (weight: number, ms: number, limitMs: number): number =>
  Math.min(most, Math.max(least, weight * Math.exp(0.1 * Math.max(-1, Math.min(1, 4 * (ms / limitMs - 1))))));
