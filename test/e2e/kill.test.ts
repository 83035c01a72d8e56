import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { stream } from "../../src/base/rng.js";
import { ended, folder, ledger, nas, start, tinySearch } from "./nas.js";

const whole = join(folder, "whole");
const began = Date.now();
const first = await nas(...tinySearch(whole, "--workers", "1"));
const wholeMs = Date.now() - began;

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
  let finished: readonly object[] = [];
  for (let kill = 0; kill < 5; kill++) {
    const child =
      kill === 0 ? start(...tinySearch(dir, "--workers", "2")) : start("resume", dir, "--workers", "2");
    const end = ended(child);
    await Promise.race([wait(wholeMs * (0.25 + 0.35 * rng.float())), end]);
    child.kill("SIGKILL");
    await end;
    const now = await ledger(dir).catch(() => []);
    assert.deepEqual(
      now.filter((t) =>
        finished.some((f) => (f as { number: number }).number === (t as { number: number }).number),
      ),
      finished,
      "no finished trial is lost",
    );
    finished = now;
  }
  const resumed = await nas("resume", dir, "--json");
  assert.equal(resumed.code, 0, resumed.err);
  assert.deepEqual(await ledger(dir), await ledger(whole));
  const { winner } = JSON.parse(resumed.out) as { winner: { number: number } };
  const best = (await ledger(whole)).find((t) => (t as { number: number }).number === winner.number) as {
    accuracy: number;
  };
  const accuracies = (await ledger(whole)).map((t) => (t as { accuracy: number | null }).accuracy ?? 0);
  assert.equal(best.accuracy, Math.max(...accuracies));
});

test("Ctrl-C ends within 5 s with exit code 130, and says how to resume; the resumed run is the whole run", async () => {
  const dir = join(folder, "stopped");
  const child = start(...tinySearch(dir));
  const end = ended(child);
  await wait(wholeMs * 0.4);
  const stopped = Date.now();
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
  await wait(wholeMs * 0.4);
  const second = await nas("resume", dir);
  assert.equal(second.code, 6, second.err);
  assert.match(second.err, /being driven by process/);
  assert.ok(Array.isArray(await ledger(dir)));
  child.kill("SIGKILL");
  await end;
});
