import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { input } from "../../src/graph/node.js";
import { print } from "../../src/graph/text.js";
import { openPool, type PoolOptions, poolOf } from "../../src/train/pool.js";
import type { TrainingQuestion } from "../../src/train/question.js";
import { short, timeless, toy, toyText } from "./toy.js";

const ask = (trial: number, changes: Partial<TrainingQuestion> = {}): TrainingQuestion => ({
  network: toyText,
  seed: 1,
  trial,
  fidelity: short,
  engine: "reference",
  ...changes,
});

/** Too long to end by itself while a test runs. */
const endless = { fidelity: { epochs: 100_000, images: 160, batch: 16 } };

const defaults: PoolOptions = { workers: 1, dataset: toy(), memoryMb: 64, timeoutMs: 60_000 };

function pool(t: TestContext, options: Partial<PoolOptions> = {}) {
  const opened = openPool({ ...defaults, ...options });
  t.after(() => opened.close());
  return opened;
}

test("a trial is scored, with its epochs and what ran", async (t) => {
  const answer = await pool(t).evaluate(ask(0));
  assert.ok(answer.status === "scored");
  assert.equal(answer.epochs.length, 2);
  assert.equal(answer.accuracy, answer.epochs[1]!.validationAccuracy);
  assert.match(answer.engine, /^reference/);
  assert.ok(answer.imagesPerSecond > 0 && answer.seconds > 0);
  assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
});

test("answers are the same bits on one worker and on three, in any order, after any other trial", async (t) => {
  const trials = [0, 1, 2, 3, 0];
  const serial = [];
  const one = pool(t);
  for (const trial of trials) serial.push(timeless(await one.evaluate(ask(trial))));
  const three = pool(t, { workers: 3 });
  const parallel = await Promise.all([...trials].reverse().map((trial) => three.evaluate(ask(trial))));
  assert.deepEqual(parallel.map(timeless).reverse(), serial);
  assert.deepEqual(serial[4], serial[0]);
  assert.notDeepEqual(serial[1], serial[0]);
});

test("a trial that diverges is failed, and says where", async (t) => {
  const one = pool(t);
  const stuck = print(input([1, 8, 8]).scale(1e300).conv(2).globalPool().as("head"));
  const answer = await one.evaluate(ask(0, { network: stuck }));
  assert.ok(answer.status === "failed");
  assert.match(answer.why, /^diverged: loss is NaN in epoch 1, step 1$/);
});

test("an error in a worker is a failed trial, and the others go on", async (t) => {
  const two = pool(t, { workers: 2 });
  const [good, bad, unknown] = await Promise.all([
    two.evaluate(ask(0)),
    two.evaluate(ask(1, { network: "%0 = nonsense" })),
    two.evaluate(ask(2, { engine: "none" })),
  ]);
  assert.equal(good.status, "scored");
  assert.deepEqual(bad, { status: "failed", why: 'line 1: unknown operator "nonsense"' });
  assert.deepEqual(unknown, { status: "failed", why: 'unknown engine "none"' });
  assert.deepEqual(timeless(await two.evaluate(ask(0))), timeless(good));
});

test("a worker that exits is a failed trial; another takes its place", async (t) => {
  const one = poolOf(new URL("./endingWorker.js", import.meta.url), defaults);
  t.after(() => one.close());
  const answers = await Promise.all([12, 13, 14].map((trial) => one.evaluate(ask(trial))));
  assert.deepEqual(
    answers.map((a) => a.status),
    ["scored", "failed", "scored"],
  );
  assert.deepEqual(answers[1], { status: "failed", why: "worker exited with code: 7" });
});

test("a trial over its time is failed and says so; one that waited its turn is not", async (t) => {
  const one = pool(t, { timeoutMs: 6000 });
  const answers = await Promise.all([one.evaluate(ask(0, endless)), one.evaluate(ask(1))]);
  assert.deepEqual(answers[0], { status: "failed", why: "took longer than 6 s" });
  assert.equal(answers[1].status, "scored");
});

test("an engine that holds more than the cap fails the trial and says how much", async (t) => {
  const one = pool(t);
  const wide = print(input([1, 8, 8]).globalPool().conv(2100).conv(2100).conv(2).as("head"));
  const answer = await one.evaluate(ask(0, { network: wide }));
  assert.ok(answer.status === "failed");
  assert.match(answer.why, /^needs 68 MB of memory to train, more than its cap of 64 MB$/);
  assert.equal((await one.evaluate(ask(1))).status, "scored");
});

test("a JavaScript heap over the cap fails the trial, not the process", async (t) => {
  const one = pool(t, { memoryMb: 48 });
  const lines = Array.from({ length: 300_000 }, (_, i) => `%${i + 1} = act(fn=relu) %${i}`);
  const answer = await one.evaluate(ask(0, { network: ["%0 = input(shape=1x8x8)", ...lines].join("\n") }));
  assert.ok(answer.status === "failed");
  assert.match(answer.why, /memory/);
  assert.equal((await one.evaluate(ask(1))).status, "scored");
});

test("trials are trained in the order asked", async (t) => {
  const one = pool(t);
  const done: number[] = [];
  const trials = [0, 1, 2, 3, 4].map((trial) => one.evaluate(ask(trial)).then(() => done.push(trial)));
  await Promise.all(trials);
  assert.deepEqual(done, [0, 1, 2, 3, 4]);
});

test("a signal ends running and waiting trials within a second, with its reason", async (t) => {
  const two = pool(t, { workers: 2 });
  await two.evaluate(ask(0));
  const stop = new AbortController();
  const trials = [1, 2, 3].map((trial) => two.evaluate(ask(trial, endless), stop.signal));
  await sleep(300);
  const started = performance.now();
  const why = new Error("interrupted");
  stop.abort(why);
  for (const outcome of await Promise.allSettled(trials))
    assert.equal(outcome.status === "rejected" && outcome.reason, why);
  assert.ok(performance.now() - started < 1000);
  await assert.rejects(two.evaluate(ask(4), stop.signal), why);
  assert.equal((await two.evaluate(ask(5))).status, "scored");
});

test("a closed pool runs nothing more, and a trial it ended is not called failed", async () => {
  const two = openPool({ ...defaults, workers: 2 });
  await two.evaluate(ask(0));
  const trials = [1, 2, 3].map((trial) => two.evaluate(ask(trial, endless)));
  const outcomes = Promise.allSettled(trials);
  await sleep(300);
  await two.close();
  for (const outcome of await outcomes)
    assert.match(String(outcome.status === "rejected" && outcome.reason), /the pool of workers is closed/);
  const before = process.cpuUsage();
  await sleep(400);
  const { user } = process.cpuUsage(before);
  assert.ok(user < 200_000, `${user} µs of work after close`);
  await assert.rejects(two.evaluate(ask(4)), /the pool of workers is closed/);
});

test("workers that cannot start end the evaluation with their error", async (t) => {
  const none = poolOf(new URL("./noSuchWorker.js", import.meta.url), defaults);
  t.after(() => none.close());
  await assert.rejects(Promise.all([0, 1, 2].map((trial) => none.evaluate(ask(trial)))), /noSuchWorker/);
});
