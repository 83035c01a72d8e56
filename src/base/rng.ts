import { createHash } from "node:crypto";

/** A stream of random numbers; every method advances it. Drawing from nothing is a RangeError. */
export interface Rng {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, n), n >= 1. */
  below(n: number): number;
  /** Uniform integer in [0, n), n >= 1, of any size. */
  bigBelow(n: bigint): bigint;
  /** One element, all equally likely. */
  pick<T>(from: readonly T[]): T;
  /** A new array, every order equally likely (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** Normal with mean 0 and deviation 1 (Box-Muller). */
  normal(): number;
}

/**
 * The random stream of an address: `stream(7, "ask", 12)` is the same wherever
 * and whenever it is made, and unrelated to any other address.
 *
 * Generator: sfc32 (Doty-Humphrey, PractRand), seeded by SHA-256 of the address.
 */
export function stream(seed: number, ...address: readonly (string | number)[]): Rng {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...address]))
    .digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  const float = () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
  const below = (n: number) => {
    if (!(n >= 1)) throw new RangeError(`nothing to draw from below ${n}`);
    return Math.floor(float() * n);
  };
  const bigBelow = (n: bigint) => {
    if (n < 1n) throw new RangeError(`nothing to draw from below ${n}`);
    const bits = n.toString(2).length;
    const words = Math.ceil(bits / 32);
    const excess = BigInt(words * 32 - bits);
    for (;;) {
      let value = 0n;
      for (let i = 0; i < words; i++) value = (value << 32n) | BigInt(next());
      value >>= excess;
      if (value < n) return value;
    }
  };
  return {
    float,
    below,
    bigBelow,
    pick: (from) => from[below(from.length)]!,
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - float())) * Math.cos(2 * Math.PI * float()),
  };
}
