import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { seeRun } from "../../src/store/run.js";
import { ended, finished, folder, ledger, nas, start, tinySpace } from "./nas.js";

const searching = (dir: string, ...more: readonly string[]) => [
  ...["search", "--target", "iphone13-npu", "--space", tinySpace, "--run-dir", dir, "--max-latency", "10ms"],
  ...["--engine", "wasm", "--seed", "3", ...more],
];

const rating = (dir: string, ...more: readonly string[]) =>
  searching(dir, "--objective", "synflow,latency", "--strategy", "nsga2", "--trials", "40", ...more);

const screening = (dir: string, ...more: readonly string[]) =>
  searching(
    dir,
    ...["--trials", "12", "--epochs", "1", "--images", "320", "--strategy", "aging"],
    ...["--strategy-options", "population=4,tournament=2", "--warm-up", "naswot", "--warm-up-draws", "12"],
    ...["--filter", "synflow", "--filter-quantile", "0.7", ...more],
  );

const screened = async (dir: string) => (await seeRun(dir)).screened.map(({ seconds: _, ...rest }) => rest);

const rated = join(folder, "rated");
const whole = join(folder, "whole");

test("a search after a proxy's score trains nothing and shows no accuracy", async () => {
  const { code, out, err } = await nas(...rating(rated, "--workers", "1", "--json"));
  assert.equal(code, 0, err);
  const found = forms.search.parse(JSON.parse(out));
  assert.deepEqual(
    [found.objectives, found.proxy, found.counts.rated],
    [["score", "latency"], "synflow", 40],
  );
  assert.ok(found.winner?.status === "rated");
  assert.equal(found.winner.accuracy, null);
  const { trials } = await seeRun(rated);
  assert.equal(found.winner.score, Math.max(...trials.map((t) => t.score!)));
  assert.ok(found.front.length > 1 && found.knee !== null && found.hypervolume === null);
  assert.deepEqual(
    trials.map((t) => [t.status, t.accuracy, t.epochs.length]),
    Array(40).fill(["rated", null, 0]),
  );
  const shown = await nas("show", rated);
  assert.match(shown.out, /highest {3}trial \d+, synflow \d/);
  assert.doesNotMatch(shown.out + err, /accuracy/);
  assert.equal(
    forms.show.parse(JSON.parse((await nas("show", rated, "--json")).out)).winner?.status,
    "rated",
  );
});

test("it is the same on two workers, and killed and resumed; a changed objective is refused", async () => {
  const dir = join(folder, "killed");
  const child = start(...rating(dir, "--workers", "2"));
  const end = ended(child);
  await finished(dir, 12, end);
  child.kill("SIGKILL");
  await end;
  const changed = await nas("resume", dir, "--objective", "naswot,latency");
  assert.deepEqual([changed.code, /aim\.proxy: "synflow", not "naswot"/.test(changed.err)], [2, true]);
  assert.equal((await nas("resume", dir, "--workers", "2")).code, 0);
  assert.deepEqual(await ledger(dir), await ledger(rated));
});

test("the highest rated network is exported like any winner", async () => {
  const file = join(folder, "best.json");
  const { code, err } = await nas("export", rated, "--format", "spec", "--output", file);
  assert.equal(code, 0, err);
});

test("a warm-up begins with the highest of its draws, a filter draws again what is low, and the report says so", async () => {
  const { code, out, err } = await nas(...screening(whole, "--workers", "1", "--json"));
  assert.equal(code, 0, err);
  const found = forms.search.parse(JSON.parse(out));
  assert.deepEqual(found.warmUp, { proxy: "naswot", draws: 12 });
  assert.deepEqual([found.screening?.drawn, found.baseline], [12, null]);
  const { trials, screened } = await seeRun(whole);
  const drawn = screened.filter(({ trial }) => trial === null);
  const highest = drawn.toSorted((a, b) => b.score! - a.score!).slice(0, 4);
  assert.deepEqual(
    trials.slice(0, 4).map(({ genome }) => genome),
    highest.map(({ genome }) => genome),
  );
  assert.ok(trials.every(({ status }) => status === "scored"));
  assert.ok(screened.length > 12);
});

test("it is the same on two workers, and killed while it warms up and while it trains; changed options are refused", async () => {
  const dir = join(folder, "screened");
  const killed = async (argv: readonly string[], trials: number) => {
    const child = start(...argv);
    const end = ended(child);
    if (trials > 0) await finished(dir, trials, end);
    else
      while (((await seeRun(dir).catch(() => undefined))?.screened.length ?? 0) < 5)
        await new Promise((r) => setTimeout(r, 20));
    child.kill("SIGKILL");
    await end;
  };
  await killed(screening(dir, "--workers", "2"), 0);
  await killed(["resume", dir, "--workers", "2"], 5);
  const changes = ["--warm-up-draws", "20", "--filter", "naswot", "--objective", "synflow"];
  const changed = await nas("resume", dir, ...changes);
  assert.equal(changed.code, 2, changed.err);
  for (const what of [
    /warmUp\.draws: 12, not 20/,
    /filter\.proxy: "synflow", not "naswot"/,
    /aim\.proxy: absent, not "synflow"/,
  ])
    assert.match(changed.err, what);
  const again = await nas("resume", dir, "--warm-up", "naswot", "--filter-quantile", "0.7");
  assert.equal(again.code, 0, again.err);
  assert.deepEqual(await ledger(dir), await ledger(whole));
  assert.deepEqual(await screened(dir), await screened(whole));
});
