import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { stream } from "../../src/base/rng.js";
import { seeRun } from "../../src/store/run.js";
import { ended, folder, ledger, nas, start, tinySpace } from "./nas.js";

/**
 * What a supernet answered, live or not, but for what its process alone decides: the time it took, and how large a heap
 * that never shrinks had grown, which one that begins in the middle need not reach.
 */
async function answers(dir: string) {
  const run = await seeRun(dir).catch(() => ({ answers: [] }));
  return run.answers.map(({ answer, ...asked }) => ({
    ...asked,
    answer: { ...answer, seconds: 0, heapBytes: 0 },
  }));
}

/** Test that a strategy's run survives being killed: twice while its supernet is trained, once while its networks are. */
export function killed(name: string, given: string): void {
  test(`${name}: a run killed while its supernet or a network derived is trained and resumed is the run that was not, bit for bit`, async () => {
    const search = (dir: string) => [
      ...["search", "--target", "iphone13-npu", "--space", tinySpace, "--run-dir", dir, "--seed", "3"],
      ...["--strategy", name, "--strategy-options", given, "--max-latency", "10ms"],
      ...["--trials", "2", "--epochs", "1", "--images", "320"],
    ];
    const whole = join(folder, `whole-${name}`);
    const first = await nas(...search(whole));
    assert.equal(first.code, 0, first.err);
    const all = await answers(whole);
    assert.ok(all.length > 3);
    assert.match(first.err, /memory/);
    const trials = await ledger(whole);
    assert.equal(trials.length, 2);
    assert.ok((await seeRun(whole)).trials.every((trial) => trial.accuracyKind === "proxy"));

    const dir = join(folder, `killed-${name}`);
    const rng = stream(Date.now());
    for (const known of [1, 3, all.length]) {
      const child = start(...(known === 1 ? search(dir) : ["resume", dir]));
      const end = ended(child);
      let over = false;
      end.then(() => {
        over = true;
      });
      while (!over && (await answers(dir)).length < known) await wait(20);
      await wait(rng.float() * 100);
      child.kill("SIGKILL");
      const { code } = await end;
      assert.equal(code, null, "it was over before it was killed");
      const now = await answers(dir);
      assert.deepEqual(now, all.slice(0, now.length), "what is stored is what the whole run has");
    }
    const resumed = await nas("resume", dir);
    assert.equal(resumed.code, 0, resumed.err);
    assert.deepEqual(await answers(dir), all);
    assert.deepEqual(await ledger(dir), trials);
    assert.equal(readdirSync(join(dir, "weights")).length, 1, "old checkpoints are taken away");
  });
}
