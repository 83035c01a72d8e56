import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { serialize } from "node:v8";
import fc from "fast-check";
import { shortHash } from "../../src/base/hash.js";
import { stream } from "../../src/base/rng.js";
import { analytic } from "../../src/search/benchmarks/analytic.js";
import { limitedMoves } from "../../src/search/feasible.js";
import { excess, goalOf, mostAccurate } from "../../src/search/goal.js";
import { search } from "../../src/search/search.js";
import { aging } from "../../src/search/strategies/aging.js";
import * as strategies from "../../src/search/strategies/index.js";
import type { Options, Strategy } from "../../src/search/strategy.js";
import type { Measure, Trial } from "../../src/search/trial.js";
import { formatGenome, parseGenome } from "../../src/space/candidate.js";
import { genomeAt } from "../../src/space/moves.js";
import { fbnet } from "../../src/space/spaces/index.js";
import { failed, noMoves, scored } from "./trials.js";

/** A number in [0, 1) that depends on a text alone: an objective without structure. */
const noise = (text: string): number => Number.parseInt(shortHash(text).slice(0, 8), 16) / 2 ** 32;
const measure = (genome: string) =>
  ({
    latencyMs: 0.5 + noise(`ms${genome}`),
    params: noise(`params${genome}`),
    macs: noise(`macs${genome}`),
    peakActivationBytes: noise(`bytes${genome}`),
    energyMj: noise(`mj${genome}`),
  }) as Measure;
const limits = { latencyMs: 1.2, params: 0.8, macs: 0.8, peakActivationBytes: 0.8, energyMj: 0.9 };
const fastestGenome = (() => {
  for (let i = 0n; ; i++) {
    const line = formatGenome(fbnet, genomeAt(fbnet, i));
    if (measure(line).latencyMs < 0.6 && excess(measure(line), limits) === 0) return line;
  }
})();
const answer = (number: number, genome: string, rejected: number): Trial =>
  number % 7 === 3
    ? { ...failed(number), genome, rejected }
    : { ...scored({ number, genome, rejected, accuracy: noise(genome) }), ...measure(genome) };

/** Less work for those whose defaults would make these tests long. */
const shortened: { readonly [name: string]: Options } = {
  ofaEvolution: { population: 20, generations: 5 },
  bananas: { candidates: 20 },
};
const optionsOf = (strategy: Strategy, trials: number): Options => {
  const name = Object.entries(strategies).find(([, member]) => (member as unknown) === strategy)?.[0];
  return { ...strategy.defaults(trials), ...shortened[name!] };
};

const plan = (strategy: Strategy, trials: number, ahead: number, seed: number) => ({
  strategy,
  options: optionsOf(strategy, trials),
  seed,
  trials,
  ahead,
  draw: () => limitedMoves(fbnet, measure, limits, fastestGenome),
  evaluate: async (q: { number: number; genome: string; rejected: number }) =>
    answer(q.number, q.genome, q.rejected),
});

const all = async <T>(from: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of from) found.push(item);
  return found;
};

const freeze = <T>(value: T): T => {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
};

for (const [name, member] of Object.entries(strategies)) {
  const strategy = member as unknown as Strategy;

  test(`${name}: every genome asked is of the space and within every limit`, async () => {
    for (const { genome } of await all(search(plan(strategy, 40, 4, 1)))) {
      assert.equal(formatGenome(fbnet, parseGenome(fbnet, genome)), genome);
      const measured = measure(genome);
      for (const [what, limit] of Object.entries(limits))
        assert.ok(measured[what as keyof typeof limits] <= limit, `${what} of ${genome}`);
    }
  });

  test(`${name}: a run killed at any trial and resumed is the run that was not killed`, async () => {
    const whole = await all(search(plan(strategy, 30, 3, 5)));
    await fc.assert(
      fc.asyncProperty(fc.nat(30), async (killedAt) => {
        const known = new Map(whole.slice(0, killedAt).map((t) => [t.number, t]));
        const fresh = plan(strategy, 30, 3, 5);
        const resumed = search({ ...fresh, evaluate: async (q) => known.get(q.number) ?? fresh.evaluate(q) });
        assert.deepEqual(await all(resumed), whole);
      }),
      { numRuns: 12 },
    );
  });

  test(`${name}: the result depends on seed and ahead, not on who finishes first`, async () => {
    const whole = await all(search(plan(strategy, 24, 6, 9)));
    const shaken = plan(strategy, 24, 6, 9);
    const late = async (q: { number: number; genome: string; rejected: number }) => {
      await new Promise((done) => setTimeout(done, noise(q.genome) * 12));
      return shaken.evaluate(q);
    };
    assert.deepEqual(await all(search({ ...shaken, evaluate: late })), whole);
    if (name !== "grid") assert.notDeepEqual(await all(search(plan(strategy, 24, 6, 10))), whole);
  });

  test(`${name}: tell leaves its state and its trial as they were`, () => {
    const options = freeze(optionsOf(strategy, 10));
    let state = freeze(strategy.init(options));
    for (let n = 0; n < 30; n++) {
      const { moves } = limitedMoves(fbnet, measure, limits, fastestGenome);
      const known = { ...mostAccurate, moves };
      const genome = strategy.ask(state, { ...known, rng: stream(2, "ask", n), pending: [] }, options);
      state = freeze(strategy.tell(state, freeze(answer(n, genome!, 0)), known, options));
    }
  });
}

for (const [name, member] of Object.entries(strategies)) {
  const strategy = member as unknown as Strategy;

  test(`${name}: ten thousand answers are told in 5 seconds, and its state stays small`, () => {
    const { moves, evaluate } = analytic.open({});
    const options = { ...strategy.defaults(300), ...(name === "grid" ? { most: 70_000 } : {}) };
    const known = { ...goalOf(["accuracy", "latency"], {}), moves };
    const started = process.cpuUsage();
    let state = strategy.init(options);
    for (let number = 0; number < 10_000; number++) {
      const rng = stream(1, "ask", number);
      const genome = strategy.ask(state, { ...known, rng, pending: [] }, options)!;
      const { accuracy, latencyMs } = evaluate(genome);
      state = strategy.tell(
        state,
        { number, genome, status: "scored", accuracy, latencyMs: latencyMs! },
        known,
        options,
      );
    }
    // Of the processor, so that it tells nothing of what else runs.
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    assert.ok(seconds < 5, `${seconds} s`);
    const bytes = serialize(state).byteLength;
    assert.ok(bytes < 1_000_000, `${bytes} bytes of state`);
  });
}

const nothing = { ...mostAccurate, moves: noMoves };

test("aging draws until its population is full, then mutates the best of a tournament", () => {
  const options = { population: 3, tournament: 200 };
  let state = aging.init(options);
  for (let n = 0; n < 3; n++)
    state = aging.tell(state, scored({ number: n, accuracy: n / 10 }), nothing, options);
  const asked: string[] = [];
  const moves = {
    ...noMoves,
    sample: () => "fresh",
    mutate: (genome: string) => {
      asked.push(genome);
      return `child of ${genome}`;
    },
  };
  const context = { ...mostAccurate, moves, rng: stream(1), pending: [] };
  assert.equal(aging.ask(state, context, options), "child of g2");
  assert.deepEqual(asked, ["g2"]);
  assert.equal(aging.ask(state.slice(1), context, options), "fresh");
});

test("aging lets the oldest die, not the worst, and keeps no failed trial", () => {
  const options = { population: 2, tournament: 2 };
  const told = [
    scored({ number: 0, accuracy: 0.9 }),
    scored({ number: 1, accuracy: 0.1 }),
    failed(2),
    scored({ number: 3, accuracy: 0.2 }),
  ];
  const state = told.reduce((s, t) => aging.tell(s, t, nothing, options), aging.init(options));
  assert.deepEqual(
    state.map((t) => t.number),
    [1, 3],
  );
});

test("aging takes the paper's population and tournament from 300 trials on", () => {
  assert.deepEqual(aging.defaults(300), { population: 100, tournament: 25 });
  assert.deepEqual(aging.defaults(5000), { population: 100, tournament: 25 });
  assert.deepEqual(aging.defaults(24), { population: 8, tournament: 2 });
  assert.throws(() => aging.check({ population: 0, tournament: 2 }), /population is 0/);
});

test("aging finds better networks than random search on an objective with structure", async () => {
  const skips = (genome: string) => (genome.match(/kernel=5/g) ?? []).length / 22;
  const best = async (strategy: Strategy, seed: number) => {
    const given = {
      ...plan(strategy, 150, 1, seed),
      draw: () => limitedMoves(fbnet, measure, { latencyMs: 9 }, fastestGenome),
    };
    const trials = await all(
      search({
        ...given,
        evaluate: async (q) => scored({ number: q.number, genome: q.genome, accuracy: skips(q.genome) }),
      }),
    );
    return Math.max(...trials.map((t) => t.accuracy ?? 0));
  };
  for (const seed of [1, 2, 3])
    assert.ok(
      (await best(aging as unknown as Strategy, seed)) >
        (await best(strategies.random as unknown as Strategy, seed)) + 0.05,
    );
});
