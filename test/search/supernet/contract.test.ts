import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { shortHash } from "../../../src/base/hash.js";
import * as targets from "../../../src/latency/targets/index.js";
import { fastest, limitedMoves } from "../../../src/search/feasible.js";
import { measurer } from "../../../src/search/measure.js";
import { search } from "../../../src/search/search.js";
import * as strategies from "../../../src/search/strategies/index.js";
import type { Options, Strategy } from "../../../src/search/strategy.js";
import { choicesOf, lineOf } from "../../../src/search/supernet/architecture.js";
import { pruneCheckpoints } from "../../../src/search/supernet/checkpoint.js";
import { openSupernetPool } from "../../../src/search/supernet/pool.js";
import type { SupernetPlan } from "../../../src/search/supernet/question.js";
import { type Answered, trainSupernet } from "../../../src/search/supernet/run.js";
import { stageLatency } from "../../../src/search/supernet/stageLatency.js";
import { formatGenome, parseGenome } from "../../../src/space/candidate.js";
import { scored } from "../trials.js";
import { greys } from "./site.js";
import { uneven } from "./spaces.js";

const folder = mkdtempSync(join(tmpdir(), "nas-supernet-"));
const pool = (workers: number) =>
  openSupernetPool({ workers, dataset: greys(150), memoryMb: 2048, timeoutMs: 60_000 });
const pools = { one: pool(1), three: pool(3) };
after(async () => {
  await Promise.all([pools.one.close(), pools.three.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const target = targets.iphone13Npu;
const choices = choicesOf(uneven);
const latency = stageLatency(choices, target);
const measure = measurer(uneven, target);

/** Latencies of all networks of the space, the least first. */
const times = choices.stages
  .reduce<number[][]>((all, stage) => all.flatMap((p) => stage.map((_, c) => [...p, c])), [[]])
  .map((picked) => measure(lineOf(choices, picked)).latencyMs)
  .sort((a, b) => a - b);

const least = fastest(uneven, measure).genome;

/** What it takes to end a run in the middle. */
class Killed extends Error {}

interface Given {
  readonly seed: number;
  readonly limitMs: number;
  readonly pool: keyof typeof pools;
  /** Answers that the ledger has already. */
  readonly known?: readonly Answered[];
  /** After this many answers it is killed. */
  readonly killedAt?: number;
  readonly dir: string;
}

/** Less work than by default, and a network drawn evenly. */
const less: Options = { epochs: 2, "warm-up": 1, population: 3, generations: 1, trust: 1 };

/** A strategy's run from its supernet to its last trial: the answers, but for what hangs on time, and the genomes asked. */
async function run(strategy: Strategy, { seed, limitMs, known = [], killedAt, dir, ...given }: Given) {
  const defaults = strategy.defaults(4);
  const options = {
    ...defaults,
    ...Object.fromEntries(Object.entries(less).filter(([name]) => name in defaults)),
  };
  strategy.check(options);
  const spec = strategy.supernet!(options);
  const plan: SupernetPlan = {
    ...{ space: uneven, engine: "wasm", seed, latency, limitMs },
    proxy: { resolution: 8, channels: 3, classes: 4, width: 1, dropStrides: 0 },
    fidelity: { images: 60, batch: 8 },
    rule: spec.rule,
  };
  const derivation =
    spec.derivation.by === "likeliest" ? { ...spec.derivation, compared: 4 } : spec.derivation;
  const draw = () => limitedMoves(uneven, measure, { latencyMs: limitMs }, least);
  const answers: Answered[] = [];
  const stored = [...known];
  const derived = await trainSupernet({
    ...{ plan, derivation, trust: spec.trust, networks: 4, folder: dir, draw },
    ask: (question) => pools[given.pool].ask(question),
    recall: (number) => stored.find((answered) => answered.number === number),
    async record(answered) {
      if (stored.length === killedAt) throw new Killed();
      stored.push(answered);
    },
    prune: (kept) => pruneCheckpoints(dir, kept),
    onAnswer: (answered) => answers.push(answered),
  }).catch((error) => {
    if (!(error instanceof Killed)) throw error;
    return undefined;
  });
  const genomes: string[] = [];
  if (derived !== undefined)
    for await (const trial of search({
      ...{ strategy, options, seed, trials: 6, ahead: 2, draw, derived },
      evaluate: async ({ number, genome }) =>
        scored({ number, genome, accuracy: Number.parseInt(shortHash(genome).slice(0, 4), 16) / 2 ** 16 }),
    }))
      genomes.push(trial.genome);
  const timeless = answers
    .toSorted((a, b) => a.number - b.number)
    .map(({ answer: { seconds: _, ...answer }, ...asked }) => ({ ...asked, answer }));
  return { answers: timeless, derived, genomes, stored };
}

for (const [name, member] of Object.entries(strategies)) {
  const strategy = member as unknown as Strategy;
  if (strategy.supernet === undefined) continue;
  const dirOf = (what: string) => join(folder, `${name}-${what}`);
  const limitMs = times[Math.floor(times.length / 2)]!;
  const whole = run(strategy, { seed: 1, limitMs, pool: "one", dir: dirOf("whole") });

  test(`${name} with its supernet: what is derived and asked is of the space and within the limit, however tight`, async () => {
    const tight = await run(strategy, { seed: 1, limitMs: times[2]!, pool: "three", dir: dirOf("tight") });
    for (const [found, most] of [
      [await whole, limitMs],
      [tight, times[2]!],
    ] as const) {
      assert.equal(found.genomes.length, 6);
      assert.ok(found.derived!.length > 1);
      assert.equal(new Set(found.derived).size, found.derived!.length);
      assert.deepEqual(found.genomes.slice(0, found.derived!.length), found.derived);
      for (const genome of found.genomes) {
        assert.equal(formatGenome(uneven, parseGenome(uneven, genome)), genome);
        assert.ok(measure(genome).latencyMs <= most, `${genome} takes ${measure(genome).latencyMs} ms`);
      }
    }
  });

  test(`${name} with its supernet: the result hangs on the seed, and not on how many workers there are`, async () => {
    const first = await whole;
    const again = await run(strategy, { seed: 1, limitMs, pool: "three", dir: dirOf("again") });
    assert.deepEqual(again.answers, first.answers);
    assert.deepEqual(again.genomes, first.genomes);
    const other = await run(strategy, { seed: 2, limitMs, pool: "three", dir: dirOf("other") });
    assert.notDeepEqual(other.answers, first.answers);
    assert.notDeepEqual(other.genomes, first.genomes);
  });

  test(`${name} with its supernet: killed after an epoch or before its last answer and resumed, it is the run that was not`, async () => {
    const first = await whole;
    for (const killedAt of [1, first.answers.length - 1]) {
      const dir = dirOf(`killed-${killedAt}`);
      const given = { seed: 1, limitMs, dir, pool: "three" } as const;
      const before = await run(strategy, { ...given, killedAt });
      assert.equal(before.stored.length, killedAt);
      assert.equal(before.derived, undefined);
      const resumed = await run(strategy, { ...given, pool: "one", known: before.stored });
      assert.deepEqual(resumed.answers, first.answers);
      assert.deepEqual(resumed.genomes, first.genomes);
      assert.equal(readdirSync(dir).length, 1, "one checkpoint is left");
    }
  });
}
