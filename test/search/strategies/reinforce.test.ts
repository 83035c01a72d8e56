import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { categoricalMoves } from "../../../src/search/categorical.js";
import { goalOf, mostAccurate } from "../../../src/search/goal.js";
import { reinforce } from "../../../src/search/strategies/reinforce.js";
import type { Told } from "../../../src/search/trial.js";

const coins = {
  decisions: [
    { name: "a", values: 2 },
    { name: "b", values: 3 },
  ],
  format: (indices: readonly number[]) => indices.join(""),
  parse: (genome: string) => [...genome].map(Number),
};
const moves = categoricalMoves(coins);
const known = { ...mostAccurate, moves };
const options = reinforce.defaults(100);
const told = (number: number, genome: string, accuracy: number, latencyMs?: number): Told => ({
  number,
  genome,
  status: "scored",
  accuracy,
  ...(latencyMs === undefined ? {} : { latencyMs }),
});

/** How often `reinforce` asks each genome of 2000 times. */
function shares(state: ReturnType<typeof reinforce.init>): { [genome: string]: number } {
  const counts: { [genome: string]: number } = {};
  for (let n = 0; n < 2000; n++) {
    const genome = reinforce.ask(state, { ...known, rng: stream(n), pending: [] }, options)!;
    counts[genome] = (counts[genome] ?? 0) + 1 / 2000;
  }
  return counts;
}

test("reinforce begins with every network equally likely", () => {
  for (const genome of ["00", "01", "02", "10", "11", "12"])
    assert.ok(Math.abs(shares(reinforce.init(options))[genome]! - 1 / 6) < 0.04);
});

test("the first reward is its own baseline, so it teaches nothing; the second moves each logit by the rate", () => {
  const first = reinforce.tell(reinforce.init(options), told(0, "00", 0.5), known, options);
  assert.deepEqual(first.decisions.a!.logits, [0, 0]);
  const second = reinforce.tell(first, told(1, "01", 0.9), known, options);
  // Adam, step 2, one gradient g of two: m = 0.1 g / 0.19, v = 0.001 g² / 0.001999; rate · m / √v.
  const step = (0.01 * (0.1 / 0.19)) / Math.sqrt(0.001 / 0.001999);
  const [a, b] = [second.decisions.a!.logits, second.decisions.b!.logits];
  for (const [found, expected] of [
    [a[0], step],
    [a[1], -step],
    [b[0], -step],
    [b[1], step],
    [b[2], -step],
  ] as const)
    assert.ok(Math.abs(found! - expected) < 1e-6, `${found}, not ${expected}`);
});

test("reinforce comes to prefer what is rewarded, and learns nothing from what failed", () => {
  let state = reinforce.init(options);
  for (let n = 0; n < 500; n++) {
    const genome = reinforce.ask(state, { ...known, rng: stream(1, n), pending: [] }, options)!;
    state = reinforce.tell(state, told(n, genome, genome === "12" ? 0.9 : 0.4), known, options);
  }
  assert.ok(shares(state)["12"]! > 0.6, `${shares(state)["12"]}`);
  const failed: Told = { number: 500, genome: "12", status: "failed", accuracy: null };
  assert.equal(reinforce.tell(state, failed, known, options), state);
});

test("entropy keeps a policy from growing sure", () => {
  const sure = (entropy: number) => {
    const given = { ...options, entropy };
    let state = reinforce.init(given);
    for (let n = 0; n < 400; n++) {
      const genome = reinforce.ask(state, { ...known, rng: stream(2, n), pending: [] }, given)!;
      state = reinforce.tell(state, told(n, genome, genome.startsWith("1") ? 0.6 : 0.5), known, given);
    }
    return Math.abs(state.decisions.a!.logits[0]! - state.decisions.a!.logits[1]!);
  };
  assert.ok(sure(20) < 0.5 * sure(0), `${sure(20)} and ${sure(0)}`);
});

test("with mnas-hard the faster of two equals under the limit is worth no more; with tunas the one nearer to it is", () => {
  const goal = { ...goalOf(["accuracy"], { latencyMs: 10 }), moves };
  const rewardsAfter = (reward: string, ms: number) => {
    const given = { ...options, reward };
    return reinforce.tell(reinforce.init(given), told(0, "00", 0.5, ms), goal, given).rewards / 0.1;
  };
  assert.ok(Math.abs(rewardsAfter("mnas-hard", 5) - 50) < 1e-9);
  assert.ok(Math.abs(rewardsAfter("mnas-hard", 20) - 25) < 1e-9);
  assert.ok(Math.abs(rewardsAfter("mnas-soft", 5) - 50 * 0.5 ** -0.07) < 1e-9);
  assert.ok(Math.abs(rewardsAfter("tunas", 5) - 45) < 1e-9);
});

test("a reward that is about latency needs a limit, and one that is not known is refused", () => {
  const given = { ...options, reward: "tunas" };
  assert.throws(
    () => reinforce.tell(reinforce.init(given), told(0, "00", 0.5), known, given),
    /tunas needs a latency and a limit/,
  );
  assert.throws(() => reinforce.check({ ...options, reward: "mnas" }), /reward is mnas/);
  assert.throws(() => reinforce.check({ ...options, rate: 0 }), /rate is 0/);
});
