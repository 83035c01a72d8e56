import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { serialize } from "node:v8";
import fc from "fast-check";
import { stream } from "../../src/base/rng.js";
import { contender } from "../../src/cli/commands/bench/contenders.js";
import { analytic } from "../../src/search/benchmarks/analytic.js";
import { compare, standing } from "../../src/search/compare.js";
import { mostAccurate } from "../../src/search/goal.js";
import type { Schedule } from "../../src/search/schedule.js";
import { asha, rungs } from "../../src/search/schedules/asha.js";
import { brackets, hyperband } from "../../src/search/schedules/hyperband.js";
import * as schedules from "../../src/search/schedules/index.js";
import { type Question, search } from "../../src/search/search.js";
import * as strategies from "../../src/search/strategies/index.js";
import { random } from "../../src/search/strategies/random.js";
import type { Strategy } from "../../src/search/strategy.js";
import type { Told } from "../../src/search/trial.js";

const benchmark = analytic.open({});
const answer = ({ number, genome, epochs = 81 }: Question): Told => ({
  number,
  genome,
  status: number % 11 === 5 ? "failed" : "scored",
  accuracy: number % 11 === 5 ? null : benchmark.evaluate(genome, epochs).accuracy,
  latencyMs: benchmark.evaluate(genome).latencyMs!,
  askedEpochs: epochs,
});
const plan = (schedule: Schedule, strategy: Strategy, trials: number, ahead: number) => ({
  strategy: schedule.apply(strategy, schedule.defaults, 81),
  options: strategy.defaults(trials),
  seed: 7,
  trials,
  ahead,
  draw: () => ({ moves: benchmark.moves, rejected: () => 0 }),
  evaluate: async (question: Question) => answer(question),
});
const all = async (from: AsyncIterable<Told>): Promise<Told[]> => {
  const found: Told[] = [];
  for await (const trial of from) found.push(trial);
  return found;
};

test("hyperband's brackets of 81, 27 and 9 epochs are the published ones", () => {
  const shown = (most: number) =>
    brackets(most, 1, 3).map((rounds) => rounds.map((r) => `${r.networks}@${r.epochs}`).join(","));
  assert.deepEqual(shown(81), [
    "81@1,27@3,9@9,3@27,1@81",
    "34@3,11@9,3@27,1@81",
    "15@9,5@27,1@81",
    "8@27,2@81",
    "5@81",
  ]);
  assert.deepEqual(shown(27), ["27@1,9@3,3@9,1@27", "12@3,4@9,1@27", "6@9,2@27", "4@27"]);
  assert.deepEqual(shown(9), ["9@1,3@3,1@9", "5@3,1@9", "3@9"]);
  assert.equal(brackets(243, 1, 3).length, 6, "log 243 / log 3 comes out below 5, and is 5");
});

test("asha's rungs end with all epochs and begin with no fewer than the least", () => {
  assert.deepEqual(rungs(81, 1, 3), [1, 3, 9, 27, 81]);
  assert.deepEqual(rungs(81, 3, 3), [3, 9, 27, 81]);
  assert.deepEqual(rungs(12, 1, 3), [1, 4, 12]);
});

for (const [name, member] of Object.entries(schedules)) {
  const schedule = member as unknown as Schedule;
  for (const [strategyName, other] of Object.entries(strategies)) {
    const strategy = other as unknown as Strategy;

    test(`${name} with ${strategyName}: a run killed at any trial and resumed is the run that was not killed`, async () => {
      const whole = await all(search(plan(schedule, strategy, 60, 4)));
      assert.equal(whole.length, 60);
      await fc.assert(
        fc.asyncProperty(fc.nat(60), async (killedAt) => {
          const known = new Map(whole.slice(0, killedAt).map((t) => [t.number, t]));
          const fresh = plan(schedule, strategy, 60, 4);
          const evaluate = async (q: Question) => known.get(q.number) ?? answer(q);
          assert.deepEqual(await all(search({ ...fresh, evaluate })), whole);
        }),
        { numRuns: 4 },
      );
    });
  }

  test(`${name}: the result depends on seed and ahead, not on who finishes first; every genome is of the space`, async () => {
    const given = plan(schedule, random as unknown as Strategy, 60, 6);
    const whole = await all(search(given));
    const evaluate = async (question: Question) => {
      await new Promise((done) => setTimeout(done, (question.number * 7) % 5));
      return answer(question);
    };
    assert.deepEqual(await all(search({ ...given, evaluate })), whole);
    assert.notDeepEqual(await all(search({ ...given, seed: 8 })), whole);
    const genomes = new Set(benchmark.genomes());
    assert.ok(whole.every(({ genome }) => genomes.has(genome)));
  });

  test(`${name}: ten thousand answers are told in 5 seconds, and its state stays small`, () => {
    const strategy = schedule.apply(random as unknown as Strategy, schedule.defaults, 81);
    const known = { ...mostAccurate, moves: benchmark.moves };
    const started = process.cpuUsage();
    let state = strategy.init({});
    for (let number = 0; number < 10_000; number++) {
      const asked = strategy.ask(state, { ...known, rng: stream(1, number), pending: [] }, {});
      assert.ok(typeof asked === "object");
      state = strategy.tell(state, answer({ number, rejected: 0, ...asked }), known, {});
    }
    // Of the processor, so that it tells nothing of what else runs.
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    assert.ok(seconds < 5, `${seconds} s`);
    assert.ok(serialize(state).byteLength < 3_000_000);
  });
}

test("asha trains on only what was among the best third of its rung then, and nothing twice as long", async () => {
  const before: Told[] = [];
  for (const trial of await all(
    search(plan(asha as unknown as Schedule, random as unknown as Strategy, 400, 1)),
  )) {
    if (trial.askedEpochs! > 1) {
      assert.ok(!before.some((t) => t.genome === trial.genome && t.askedEpochs === trial.askedEpochs));
      const rung = before.filter((t) => t.askedEpochs === trial.askedEpochs! / 3 && t.status === "scored");
      const from = rung.find((t) => t.genome === trial.genome)!;
      const better = rung.filter((t) => t.accuracy! > from.accuracy!).length;
      assert.ok(better < rung.length / 3, `trial ${trial.number}: ${better} of ${rung.length} were better`);
    }
    before.push(trial);
  }
  assert.ok(before.some((t) => t.askedEpochs === 81));
});

test("hyperband's first bracket trains the best 27 of 81 three epochs, and of these the best 9 nine", async () => {
  const trials = await all(
    search(plan(hyperband as unknown as Schedule, random as unknown as Strategy, 121, 4)),
  );
  const rounds = [trials.slice(0, 81), trials.slice(81, 108), trials.slice(108, 117), trials.slice(117, 120)];
  for (const [i, round] of rounds.entries()) {
    assert.ok(round.every((t) => t.askedEpochs === 3 ** i));
    if (i === 0) continue;
    const best = rounds[i - 1]!.toSorted((a, b) => (b.accuracy ?? -1) - (a.accuracy ?? -1)).slice(
      0,
      round.length,
    );
    assert.deepEqual(round.map((t) => t.genome).sort(), best.map((t) => t.genome).sort());
  }
  assert.equal(trials[120]!.askedEpochs, 81);
});

test("asha promotes from the highest rung first, and starts anew when nothing is due", () => {
  const scheduled = asha.apply(random, { eta: 3, least: 1 }, 9);
  const moves = { ...benchmark.moves, sample: () => "fresh" };
  const known = { ...mostAccurate, moves };
  const told = (number: number, genome: string, epochs: number, accuracy: number): Told => ({
    number,
    genome,
    status: "scored",
    accuracy,
    askedEpochs: epochs,
  });
  const tellAll = (trials: readonly Told[]) =>
    trials.reduce((state, trial) => scheduled.tell(state, trial, known, {}), scheduled.init({}));
  const ask = (
    state: ReturnType<typeof tellAll>,
    pending: readonly { genome: string; epochs: number }[] = [],
  ) => scheduled.ask(state, { ...known, rng: stream(1), pending }, {});
  const low = [told(0, "a", 1, 0.1), told(1, "b", 1, 0.3), told(2, "c", 1, 0.2)];
  assert.deepEqual(ask(tellAll(low.slice(0, 2))), { genome: "fresh", epochs: 1 });
  assert.deepEqual(ask(tellAll(low)), { genome: "b", epochs: 3 });
  assert.deepEqual(ask(tellAll(low), [{ genome: "b", epochs: 3 }]), { genome: "fresh", epochs: 1 });
  const high = ["x", "y", "z"].map((genome, i) => told(3 + i, genome, 3, 0.5 + i / 10));
  assert.deepEqual(ask(tellAll([...low, ...high])), { genome: "z", epochs: 9 });
  assert.deepEqual(ask(tellAll([...low, ...high, told(6, "z", 9, 0.9)])), { genome: "b", epochs: 3 });
});

test("asha needs a third of the epochs, or less, for networks as good as those trained fully", async () => {
  const full = 99;
  const arena = { queries: full, size: 65_536n, epochs: 81 };
  const contenders = ["random", "random+asha", "aging", "aging+asha"].map((text) => contender(text, arena));
  const progress = await compare(
    {
      benchmark: { name: "analytic", options: {} },
      metric: "accuracy",
      contenders,
      queries: full,
      firstSeed: 1,
      seeds: 25,
    },
    { workers: 2 },
  );
  const mean = (i: number, queries: number) => standing(progress[i]!, "", full, queries).mean;
  for (const [i, { label }] of contenders.entries())
    if (i % 2 === 1)
      assert.ok(
        mean(i, full / 3) >= mean(i - 1, full),
        `${label}: ${mean(i, full / 3)}, ${mean(i - 1, full)}`,
      );
});

test("a schedule is refused where there is no shorter training, with two of them, or with too few epochs", () => {
  const arena = { queries: 10, size: 100n };
  assert.throws(() => contender("random+asha", arena), /knows no shorter training/);
  assert.throws(() => contender("random+asha+asha", { ...arena, epochs: 81 }), /two schedules/);
  assert.throws(() => contender("random+asha:eta=1", { ...arena, epochs: 81 }), /eta is 1/);
  assert.throws(() => contender("random+ashe", { ...arena, epochs: 81 }), /unknown schedule "ashe"/);
  assert.throws(
    () => contender("random+asha:least=30", { ...arena, epochs: 81 }),
    /no two rungs from 30 to 81/,
  );
});
