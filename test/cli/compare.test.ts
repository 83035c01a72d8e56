import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { besideOthers } from "../../src/cli/besideOthers.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { equalTimeText } from "../../src/report/equalTime.js";
import type { Meaning } from "../../src/search/settings.js";
import type { EpochAnswer } from "../../src/search/supernet/question.js";
import { createRun, seeRun } from "../../src/store/run.js";
import { genome, record } from "../export/tinyRun.js";
import { scored } from "../search/trials.js";
import { memoryIo } from "./io.js";

const root = mkdtempSync(join(tmpdir(), "nas-compare-"));
after(() => rmSync(root, { recursive: true }));

const epochs = [{ epoch: 1, validated: 2000 }] as never;
const dirOf = (name: string) => join(root, name);

/** A run in a folder of its own: `supernet` seconds, then trials of 10 seconds each. */
async function made(
  name: string,
  given: Partial<Meaning>,
  accuracies: readonly number[],
  supernet = 0,
): Promise<string> {
  const meaning = { ...record.settings.meaning, strategyOptions: {}, ...given };
  const run = await createRun(dirOf(name), {
    ...record,
    settings: { ...record.settings, meaning, budget: { trials: accuracies.length } },
  });
  if (supernet > 0) {
    const answer = { kind: "epoch", epoch: 0, seconds: supernet, guarded: null } as EpochAnswer;
    await run.appendAnswer({ number: 0, question: "epoch 0", answer });
  }
  for (const [number, accuracy] of accuracies.entries())
    await run.append(scored({ number, genome: `${genome}${number}`, accuracy, seconds: 10, epochs }));
  await run.close();
  return dirOf(name);
}

const fbnet = await made("fbnet", { strategy: "fbnet", strategyOptions: { trust: 0 } }, [0.45, 0.4], 40);
const random = await made("random", { strategy: "random" }, [0.3, 0.42, 0.35, 0.41, 0.3, 0.3, 0.5, 0.44]);
const slower = await made("other", { strategy: "random", maxLatencyMs: 9 }, [0.9]);

async function ran(...argv: readonly string[]) {
  const { io, out, err } = memoryIo();
  return { code: await exitCodeOf(["compare", ...argv], io), out: out.join("\n"), err: err.join("\n") };
}

test("runs are compared after the time of the shortest, a supernet's seconds counted", async () => {
  const { code, out, err } = await ran(fbnet, random, "--workers", "1", "--json");
  assert.equal(code, 0, err);
  const { seconds, runs } = forms.compare.parse(JSON.parse(out));
  assert.equal(seconds, 60);
  assert.deepEqual(
    runs.map((run) => [run.strategy, run.accuracy, run.trained, run.seconds, run.bestOfAll]),
    [
      ["fbnet", 0.45, 2, 60, 0.45],
      ["random", 0.42, 6, 80, 0.5],
    ],
  );
  const two = forms.compare.parse(JSON.parse((await ran(fbnet, random, "--workers", "2", "--json")).out));
  assert.equal(two.seconds, 40, "random search does twice as much on two workers");
  assert.deepEqual(
    two.runs.map((run) => [run.strategy, run.accuracy, run.trained]),
    [
      ["random", 0.5, 8],
      ["fbnet", null, 0],
    ],
  );
});

test("for eyes it says what time is, that accuracies are proxy, and what chance alone does", async () => {
  const { out } = await ran(fbnet, random, "--workers", "1");
  assert.match(
    out,
    /^Best proxy accuracy after equal time: 1 min 00 s of training and scoring on one worker/,
  );
  assert.match(out, /\nfbnet .* 45\.0 % .*\nrandom .* 42\.0 % .* 50\.0 %/);
  const chance = (196 * Math.sqrt((2 * 0.45 * 0.55) / 2000)).toFixed(1);
  assert.match(out, new RegExp(`Single runs are noisy: ${chance} % between two networks`));
});

test("runs of other tasks, one run alone and unknown runs are refused in a line that says why", async () => {
  const different = await ran(fbnet, slower);
  assert.equal(different.code, 2);
  assert.match(different.err, /fbnet and other are of different tasks: maxLatencyMs: 1.5, not 9/);
  assert.match((await ran(fbnet)).err, /nothing to compare/);
  assert.match((await ran(fbnet, fbnet)).err, /nothing to compare/);
  assert.match((await ran()).err, /missing required argument/);
  assert.equal((await ran(fbnet, "nowhere")).code, 2);
  const ranking = await made("ranking", { ranking: { networks: 4 } as never }, [0.5]);
  assert.match((await ran(fbnet, ranking)).err, /ranking\.networks: absent, not 4/);
});

test("a run's own report has the runs of its task beside it, after its own time, and no others", async () => {
  const { record: made, trials, answers, dir } = await seeRun(fbnet);
  const own = { dir, meaning: made.settings.meaning, trials, answers };
  const found = (await besideOthers(own, 1))!;
  assert.deepEqual(
    [found.seconds, ...found.runs.map(({ run, accuracy }) => `${run} ${accuracy}`)],
    [60, "fbnet 0.45", "random 0.42"],
  );
  assert.match(equalTimeText(found, 200, dir), /fbnet .* this one\nrandom .* random\n/);
  const alone = { ...own, meaning: { ...own.meaning, maxLatencyMs: 3 } };
  assert.equal(await besideOthers(alone, 1), undefined);
});
