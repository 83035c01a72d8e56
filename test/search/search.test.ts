import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { evaluator } from "../../src/search/evaluate.js";
import { fastest, limitedMoves, medianLatencyMs } from "../../src/search/feasible.js";
import { better, paretoFront, winner } from "../../src/search/objective.js";
import { search } from "../../src/search/search.js";
import { checkSame, differences, type Meaning } from "../../src/search/settings.js";
import { random } from "../../src/search/strategies/random.js";
import type { Measure, Trial } from "../../src/search/trial.js";
import { proxyForm } from "../../src/space/build.js";
import { formatGenome } from "../../src/space/candidate.js";
import { sample } from "../../src/space/moves.js";
import { fbnet, mnasnet, rapidnet } from "../../src/space/spaces/index.js";
import { failed, scored } from "./trials.js";

const line = (i: number) => formatGenome(mnasnet, sample(mnasnet, stream(i)));
const base: Measure = {
  latencyMs: 1,
  latencyLowMs: 0.9,
  latencyHighMs: 1.1,
  latencyKind: "predicted",
  params: 10,
  macs: 100,
  peakActivationBytes: 1000,
  energyMj: 1,
};
const evaluation = (over: object = {}) => {
  const recorded: Trial[] = [];
  const trained: number[] = [];
  return {
    recorded,
    trained,
    given: {
      space: mnasnet,
      proxy: proxyForm(mnasnet, { resolution: 32, channels: 3, classes: 10 }),
      fidelity: { epochs: 1, images: 64, batch: 32 },
      engine: "reference",
      seed: 1,
      limits: { latencyMs: 1 },
      measure: () => ({ ...base, latencyMs: 0.9 }),
      async train(q: { trial: number }) {
        trained.push(q.trial);
        await new Promise((done) => setTimeout(done, 5));
        return {
          status: "scored" as const,
          accuracy: q.trial / 10,
          epochs: [],
          engine: "reference",
          imagesPerSecond: 1,
          seconds: 1,
        };
      },
      recall: (): Trial | undefined => undefined,
      async record(trial: Trial) {
        recorded.push(trial);
      },
      ...over,
    },
  };
};
const ask = (number: number, genome: string) => ({ number, genome, rejected: 0 });

test("the same network is trained once, however often and however soon it is asked again", async () => {
  const { given, recorded, trained } = evaluation();
  const evaluate = evaluator(given);
  const trials = await Promise.all([
    evaluate(ask(0, line(1))),
    evaluate(ask(1, line(1))),
    evaluate(ask(2, line(2))),
    evaluate(ask(3, line(1))),
  ]);
  assert.deepEqual(trained, [0, 2]);
  assert.deepEqual(
    trials.map((t) => [t.number, t.duplicateOf, t.accuracy]),
    [
      [0, null, 0],
      [1, 0, 0],
      [2, null, 0.2],
      [3, 0, 0],
    ],
  );
  assert.equal(recorded.length, 4, "every question has a row");
});

test("a network over the limit is skipped before any training, and says why", async () => {
  const { given, trained } = evaluation({ measure: () => ({ ...base, latencyMs: 1.5 }) });
  const trial = await evaluator(given)(ask(0, line(1)));
  assert.equal(trial.status, "skipped");
  assert.match(trial.why ?? "", /1\.500 ms is over the limit of 1 ms/);
  assert.deepEqual(trained, []);
});

test("a finished trial is answered from the ledger, and only when it is the network asked", async () => {
  const stored = { ...scored({ number: 0 }), genome: line(1) };
  const { given, trained, recorded } = evaluation({ recall: (n: number) => (n === 0 ? stored : undefined) });
  assert.equal(await evaluator(given)(ask(0, line(1))), stored);
  assert.deepEqual([trained, recorded], [[], []]);
  await assert.rejects(evaluator(given)(ask(0, line(2))), /another network/);
});

test("an answer is given only once it is stored", async () => {
  const order: string[] = [];
  const { given } = evaluation({
    async record() {
      await new Promise((done) => setTimeout(done, 10));
      order.push("stored");
    },
  });
  await evaluator(given)(ask(0, line(1))).then(() => order.push("given"));
  assert.deepEqual(order, ["stored", "given"]);
});

test("training that fails is a trial with why, not an exception", async () => {
  const { given } = evaluation({
    train: async () => ({ status: "failed", why: "diverged: loss is NaN in epoch 1, step 3" }),
  });
  const trial = await evaluator(given)(ask(0, line(1)));
  assert.deepEqual(
    [trial.status, trial.why, trial.accuracy],
    ["failed", "diverged: loss is NaN in epoch 1, step 3", null],
  );
});

test("no more than `ahead` questions fly at once, and trials are told in ask order", async () => {
  let flying = 0;
  let most = 0;
  const told: number[] = [];
  const plan = {
    strategy: { ...random, tell: (_: null, trial: Trial) => void told.push(trial.number) as unknown as null },
    options: {},
    seed: 1,
    trials: 20,
    ahead: 4,
    draw: () => limitedMoves(mnasnet, () => base, { latencyMs: 10 }, line(0)),
    async evaluate(q: { number: number }) {
      most = Math.max(most, ++flying);
      await new Promise((done) => setTimeout(done, (q.number * 7) % 11));
      flying--;
      return scored({ number: q.number });
    },
  };
  for await (const _ of search(plan));
  assert.equal(most, 4);
  assert.deepEqual(
    told,
    Array.from({ length: 20 }, (_, i) => i),
  );
});

test("asked for other epochs a network is trained again, for as many as asked", async () => {
  const epochs: number[] = [];
  const { given, recorded } = evaluation({
    fidelity: { epochs: 9, images: 64, batch: 32 },
    async train(q: { fidelity: { epochs: number } }) {
      epochs.push(q.fidelity.epochs);
      return { status: "failed", why: "test" };
    },
  });
  const evaluate = evaluator(given);
  for (const [number, asked] of [1, 3, undefined, 3].entries())
    await evaluate({ ...ask(number, line(1)), ...(asked === undefined ? {} : { epochs: asked }) });
  assert.deepEqual(epochs, [1, 3, 9]);
  assert.deepEqual(
    recorded.map((t) => [t.askedEpochs, t.duplicateOf]),
    [
      [1, null],
      [3, null],
      [null, null],
      [3, 1],
    ],
  );
  const other = evaluator({ ...given, recall: () => recorded[0] });
  await assert.rejects(other({ ...ask(0, line(1)), epochs: 3 }), /other training/);
});

test("longer training beats accuracy, and only those trained longest make the front", () => {
  const [brief, long, longer] = [
    scored({ number: 0, accuracy: 0.9, askedEpochs: 1 }),
    scored({ number: 1, accuracy: 0.3, askedEpochs: 9 }),
    scored({ number: 2, accuracy: 0.5, askedEpochs: 9, latencyMs: 2 }),
  ];
  assert.ok(better(long!, brief!) && !better(brief!, long!));
  assert.equal(winner([brief!, long!, longer!])?.number, 2);
  assert.deepEqual(
    paretoFront([brief!, long!, longer!]).map((t) => t.number),
    [1, 2],
  );
});

test("a network over any limit is skipped before training, and says by which", async () => {
  const { given, trained } = evaluation({ limits: { latencyMs: 1, params: 9, macs: 100 } });
  const trial = await evaluator(given)(ask(0, line(1)));
  assert.equal(trial.status, "skipped");
  assert.equal(trial.why, "10 params are over the limit of 9");
  assert.deepEqual(trained, []);
});

test("moves keep every limit, and the fastest network is looked for within the others", () => {
  const blocks = (genome: string) => (genome.match(/inverted/g) ?? []).length;
  const wide = (genome: string) => (genome.match(/expand=6/g) ?? []).length;
  const measured = (genome: string) =>
    ({ ...base, latencyMs: 30 - blocks(genome), params: blocks(genome) + wide(genome) }) as Measure;
  const limits = { latencyMs: 22, params: 12 };
  const found = fastest(fbnet, measured, { params: 12 });
  assert.deepEqual([found.latencyMs, measured(found.genome).params], [18, 12]);
  const { moves } = limitedMoves(fbnet, measured, limits, found.genome);
  for (let seed = 0; seed < 20; seed++) {
    const genome = moves.sample(stream(seed));
    for (const made of [genome, moves.mutate(genome, stream(seed, "mutate"))])
      assert.ok(measured(made).latencyMs <= 22 && measured(made).params <= 12);
    assert.ok(moves.fits(genome));
  }
});

test("rejections are counted, and a limit that draws hardly ever meet is met by a walk from the fastest", () => {
  const slowness = (genome: string) => ({ latencyMs: (genome.match(/inverted/g) ?? []).length }) as Measure;
  const allSkip = `fbnet:${Array(22).fill("skip").join("/")}`;
  const { moves, rejected } = limitedMoves(fbnet, slowness, { latencyMs: 3 }, allSkip);
  const genome = moves.sample(stream(4));
  assert.ok(slowness(genome).latencyMs <= 3);
  assert.ok(rejected() >= 200);
});

test("the fastest genome of fbnet, when each block costs and skip does not, is all skips", () => {
  const slowness = (genome: string) =>
    ({ latencyMs: 1 + (genome.match(/inverted/g) ?? []).length }) as Measure;
  const found = fastest(fbnet, slowness);
  assert.equal(found.genome, `fbnet:${Array(22).fill("skip").join("/")}`);
  assert.equal(found.latencyMs, 1);
});

test("about half of a space is within its median latency", () => {
  const measure = (genome: string) => ({ latencyMs: genome.length }) as Measure;
  const median = medianLatencyMs(rapidnet, measure);
  const within = Array.from({ length: 300 }, (_, i) =>
    formatGenome(rapidnet, sample(rapidnet, stream(77, i))),
  ).filter((genome) => genome.length <= median).length;
  assert.ok(within > 110 && within < 190, `${within} of 300`);
});

test("the winner is scored, most accurate, then fastest, then first", () => {
  const trials = [
    failed(0),
    scored({ number: 1, accuracy: 0.5, latencyMs: 2 }),
    scored({ number: 2, accuracy: 0.5, latencyMs: 1 }),
    scored({ number: 3, accuracy: 0.5, latencyMs: 1 }),
    scored({ number: 4, accuracy: 0.4, latencyMs: 0.1 }),
  ];
  assert.equal(winner(trials)?.number, 2);
  assert.equal(winner([failed(0)]), undefined);
  assert.ok(better(scored({ number: 9, accuracy: 0 }), failed(0)));
});

test("the front holds what no other beats in accuracy and latency, fastest first", () => {
  const point = (number: number, latencyMs: number, accuracy: number) =>
    scored({ number, latencyMs, accuracy });
  const trials = [
    point(0, 3, 0.9),
    point(1, 1, 0.5),
    point(2, 2, 0.4),
    point(3, 2, 0.7),
    point(4, 3, 0.9),
    failed(5),
  ];
  assert.deepEqual(
    paretoFront(trials).map((t) => t.number),
    [1, 3, 0],
  );
});

const meaning: Meaning = {
  target: "iphone13-npu",
  targetModel: "abc",
  space: fbnet,
  maxLatencyMs: 1,
  strategy: "aging",
  strategyOptions: { population: 8, tournament: 2 },
  seed: 7,
  ahead: 6,
  fidelity: { epochs: 3, images: 4000, batch: 64 },
  engine: "wasm",
  data: { name: "synthetic", hash: "x" },
};

test("what is said again the same is no difference; what is not said is none either", () => {
  assert.deepEqual(differences(meaning, { seed: 7, space: fbnet, strategy: undefined }), []);
});

test("every difference is named, field by field, with both values", () => {
  const said = { seed: 8, fidelity: { epochs: 5, images: 4000, batch: 64 } };
  assert.deepEqual(differences(meaning, said), ["seed: 7, not 8", "fidelity.epochs: 3, not 5"]);
  assert.throws(
    () => checkSame("r", meaning, said),
    /run r was made with seed: 7, not 8; fidelity\.epochs: 3, not 5/,
  );
  assert.ok(differences(meaning, { space: mnasnet }).some((d) => d === 'space.name: "fbnet", not "mnasnet"'));
});
