import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { seeRun } from "../../src/store/run.js";
import { ended, finished, folder, ledger, nas, start, tinySpace } from "./nas.js";

/** A benchmark of some seconds: 16 trainings. */
const tiny = (dir: string, ...more: readonly string[]): readonly string[] => [
  ...["bench", "proxy", "--space", tinySpace, "--run-dir", dir, "--networks", "4", "--repeats", "2"],
  ...["--images", "320", "--epochs", "1", "--long-epochs", "3", "--seed", "5", ...more],
];

const whole = join(folder, "whole");
const first = await nas(...tiny(whole, "--workers", "1", "--json"));

test("every network is trained short and long in every repeat, and the JSON is of its form", async () => {
  assert.equal(first.code, 0, first.err);
  const found = forms["bench-proxy"].parse(JSON.parse(first.out));
  const { results, counts } = found;
  assert.deepEqual([counts.scored, results!.networks, results!.leftOut], [16, 4, 0]);
  assert.deepEqual(
    results!.agreements.map(({ by }) => by),
    ["short", "short-mean", "long", "params", "macs"],
  );
  assert.ok(Math.abs(results!.cost.long.macs / results!.cost.short.macs - 3) < 1e-12);
  const { trials } = await seeRun(whole);
  assert.deepEqual(
    trials.map((t) => t.askedEpochs),
    [1, 1, 1, 1, 3, 3, 3, 3, 1, 1, 1, 1, 3, 3, 3, 3],
  );
  assert.equal(new Set(trials.map((t) => t.genome)).size, 4);
  assert.notDeepEqual(
    trials.slice(0, 8).map((t) => t.accuracy),
    trials.slice(8).map((t) => t.accuracy),
    "a repeat is another training, not the same answer",
  );
});

test("killed and resumed on more workers it is the run that was not killed, result and all", async () => {
  const dir = join(folder, "killed");
  const child = start(...tiny(dir, "--workers", "2"));
  const end = ended(child);
  await finished(dir, 5, end);
  child.kill("SIGKILL");
  await end;
  const kept = await ledger(dir);
  assert.ok(kept.length >= 5 && kept.length < 16, `${kept.length} trainings`);
  const resumed = await nas("resume", dir, "--workers", "2", "--json");
  assert.equal(resumed.code, 0, resumed.err);
  assert.deepEqual(await ledger(dir), await ledger(whole));
  const timeless = (text: string) => {
    const { results } = forms["bench-proxy"].parse(JSON.parse(text));
    return { ...results!, cost: { short: results!.cost.short.macs, long: results!.cost.long.macs } };
  };
  assert.deepEqual(timeless(resumed.out), timeless(first.out));
});

test("a finished one is told again by resume, and shown; it takes no other budget", async () => {
  const again = await nas("resume", whole);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /Short training against long: 4 networks of tiny/);
  assert.match(again.out, /Short training ranks these networks/);
  const shown = await nas("show", whole);
  assert.match(shown.out, /none: 4 networks, 2 times 1 epochs on 320 images/);
  assert.equal((await nas("show", whole, "--json")).code, 0);
  const more = await nas("resume", whole, "--trials", "20");
  assert.equal(more.code, 2);
  assert.match(more.err, /it has 16 trainings/);
});

test("what makes no sense is refused before a run is made", async () => {
  const dir = join(folder, "refused");
  for (const [words, message] of [
    [["--epochs", "2", "--long-epochs", "2"], /must see more images in all/],
    [["--networks", "1"], /--networks is "1"/],
    [["--max-latency", "0.0001ms"], /no network of space tiny is within the limits/],
  ] as const) {
    const { code, err } = await nas("bench", "proxy", "--space", tinySpace, "--run-dir", dir, ...words);
    assert.ok(code === 2 || code === 3, err);
    assert.match(err, message);
  }
  assert.deepEqual(await ledger(dir), []);
});
