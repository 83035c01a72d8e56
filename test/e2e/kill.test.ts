import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { stream } from "../../src/base/rng.js";
import { ended, type Finished, finished, folder, ledger, nas, start, tinySearch } from "./nas.js";

const whole = join(folder, "whole");
const first = await nas(...tinySearch(whole, "--workers", "1"));

test("a search ends with a winner and a row for every trial", async () => {
  assert.equal(first.code, 0, first.err);
  assert.equal((await ledger(whole)).length, 14);
});

test("the number of workers changes nothing but the time", async () => {
  const dir = join(folder, "two");
  assert.equal((await nas(...tinySearch(dir, "--workers", "2"))).code, 0);
  assert.deepEqual(await ledger(dir), await ledger(whole));
});

test("a run killed at five random moments and resumed is the run that was not killed, bit for bit", async () => {
  const dir = join(folder, "killed");
  const rng = stream(Date.now());
  let before: readonly Finished[] = [];
  for (let kill = 0; kill < 5; kill++) {
    const child =
      kill === 0 ? start(...tinySearch(dir, "--workers", "2")) : start("resume", dir, "--workers", "2");
    const end = ended(child);
    await finished(dir, before.length + 1 + rng.below(2), end);
    await wait(rng.float() * 300);
    child.kill("SIGKILL");
    await end;
    const now = await ledger(dir);
    const kept = now.filter((trial) => before.some(({ number }) => number === trial.number));
    assert.deepEqual(kept, before, "no finished trial is lost");
    before = now;
  }
  const resumed = await nas("resume", dir, "--json");
  assert.equal(resumed.code, 0, resumed.err);
  const all = await ledger(whole);
  assert.deepEqual(await ledger(dir), all);
  const { winner } = JSON.parse(resumed.out) as { winner: { number: number } };
  assert.equal(all[winner.number]!.accuracy, Math.max(...all.map((trial) => trial.accuracy ?? 0)));
});

test("Ctrl-C ends within 5 s with exit code 130, and says how to resume; the resumed run is the whole run", async () => {
  const dir = join(folder, "stopped");
  const child = start(...tinySearch(dir));
  const end = ended(child);
  await finished(dir, 3, end);
  const stopped = Date.now();
  // Twice, as it comes from a terminal through npx.
  child.kill("SIGINT");
  await wait(20);
  child.kill("SIGINT");
  const { code, err } = await end;
  assert.ok(Date.now() - stopped < 5000, `took ${Date.now() - stopped} ms`);
  assert.equal(code, 130, err);
  assert.match(err, new RegExp(`nas resume ${dir}`));
  assert.equal((await nas("resume", dir)).code, 0);
  assert.deepEqual(await ledger(dir), await ledger(whole));
});

test("a finished run takes a larger budget; its first trials stay", async () => {
  const before = await ledger(whole);
  assert.equal((await nas("resume", whole, "--trials", "16")).code, 0);
  const after = await ledger(whole);
  assert.equal(after.length, 16);
  assert.deepEqual(after.slice(0, 14), before);
});

test("a resume that would change what the run means is refused, field by field, and changes nothing", async () => {
  const before = await ledger(whole);
  const { code, err } = await nas("resume", whole, "--seed", "4", "--epochs", "2");
  assert.equal(code, 2);
  assert.match(err, /seed: 3, not 4; fidelity\.epochs: 1, not 2/);
  assert.deepEqual(await ledger(whole), before);
});

test("a run that is being driven cannot be driven twice, but looked at", async () => {
  const dir = join(folder, "driven");
  const child = start(...tinySearch(dir));
  const end = ended(child);
  await finished(dir, 1, end);
  const second = await nas("resume", dir);
  assert.equal(second.code, 6, second.err);
  assert.match(second.err, /being driven by process/);
  assert.equal((await nas("show", dir, "--json")).code, 0);
  child.kill("SIGKILL");
  await end;
});
