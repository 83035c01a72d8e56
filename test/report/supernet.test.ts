import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { answerLine, describeSupernet, supernetTables, trustOf } from "../../src/report/supernet.js";
import type { EpochAnswer, Guarded, ScoreAnswer } from "../../src/search/supernet/question.js";
import type { Answered } from "../../src/search/supernet/run.js";
import { createRun } from "../../src/store/run.js";
import { memoryIo } from "../cli/io.js";
import { genome, record } from "../export/tinyRun.js";
import { scored } from "../search/trials.js";

const root = mkdtempSync(join(tmpdir(), "nas-supernet-"));
after(() => rmSync(root, { recursive: true }));

const fine: Guarded = {
  ...{ freeShare: 0.25, entropy: 0.9, accuracy: 0.321, derivedAccuracy: 0.3 },
  ...{ signs: [], rests: false, dropout: 0 },
};
const epochAnswer = (epoch: number, guarded: Guarded | null): EpochAnswer => ({
  ...{ kind: "epoch", epoch, checkpoint: "c".repeat(32), loss: 2.5, logits: {}, expectedMs: 1.1 },
  ...{ latencyWeight: 0.5, guarded, heapBytes: 1000, seconds: 30 },
});
const collapsed: Guarded = {
  ...{ freeShare: 0.8, entropy: 0.1, accuracy: 0.6, derivedAccuracy: 0.2 },
  ...{ signs: ["free", "settled", "gap"], rests: true, dropout: 0.25 },
};

const genomeOf = (n: number) => (n === 0 ? genome : `tiny:g${n}`);
const shared = [0.7, 0.83, 0.76, 0.79, 0.89];
const answers: readonly Answered[] = [
  { number: 0, question: "epoch 0", answer: epochAnswer(0, fine) },
  { number: 1, question: "epoch 1", answer: epochAnswer(1, collapsed) },
  ...shared.map((accuracy, n) => ({
    number: n + 2,
    question: `score ${genomeOf(n)}`,
    answer: { kind: "score", genome: genomeOf(n), accuracy, loss: 2 - accuracy, seconds: 4 } as const,
  })),
];
const proxy = [0.311, 0.345, 0.312, 0.333, 0.41];
const trials = proxy.map((accuracy, number) =>
  scored({ number, genome: genomeOf(number), accuracy, seconds: 10 }),
);

const settings = {
  ...record.settings,
  meaning: { ...record.settings.meaning, strategy: "fbnet", strategyOptions: { epochs: 2, trust: 4 } },
  budget: { trials: 5 },
};
const dir = join(root, "run");
const run = await createRun(dir, { ...record, settings });
for (const answered of answers) await run.appendAnswer(answered);
for (const trial of trials) await run.append(trial);
await run.close();

async function shown(...argv: readonly string[]): Promise<readonly string[]> {
  const { io, out, err } = memoryIo();
  assert.equal(await exitCodeOf(["show", dir, ...argv], io), 0, err.join("\n"));
  return out.join("\n").split("\n");
}

test("nas show --json has a supernet's epochs, signs of collapse, what was scored, and the trust in it", async () => {
  const { supernet } = forms.show.parse(JSON.parse((await shown("--json")).join("\n")));
  assert.deepEqual(
    supernet!.epochs.map(({ epoch, loss, expectedMs, latencyWeight }) => [
      epoch,
      loss,
      expectedMs,
      latencyWeight,
    ]),
    [
      [1, 2.5, 1.1, 0.5],
      [2, 2.5, 1.1, 0.5],
    ],
  );
  const [first, second] = supernet!.epochs.map(({ guarded }) => guarded!);
  assert.deepEqual(first, { ...fine, collapse: null });
  assert.match(second!.collapse!, /80\.0 % of the probability.*settled early.*worse.*40\.0 %: architecture/);
  assert.equal(supernet!.seconds, 80);
  assert.deepEqual(supernet!.scored[1], {
    ...{ genome: "tiny:g1", accuracy: 0.83, accuracyKind: "shared", loss: 2 - 0.83, seconds: 4, trial: 1 },
  });
  assert.deepEqual([supernet!.trust!.networks, supernet!.trust!.spearman], [4, 1]);
  assert.equal(supernet!.trust!.loss!.spearman, 1);
  const [low, high] = supernet!.trust!.interval!;
  assert.ok(low < 0.5 && high < 1, "four networks tell little");
});

test("shared accuracies are never shown as proxy: not in a trial, not as the winner's, not without the word", async () => {
  const json = forms.show.parse(JSON.parse((await shown("--json")).join("\n")));
  for (const trial of [...json.trials, json.winner!, ...json.front]) {
    assert.equal(trial.accuracyKind, "proxy");
    assert.ok(proxy.includes(trial.accuracy!), `${trial.accuracy} is no proxy accuracy`);
  }
  assert.equal(json.winner!.number, 4);
  const { supernet: _, ...rest } = json;
  for (const accuracy of shared) assert.ok(!JSON.stringify(rest).includes(String(accuracy)));

  const lines = await shown();
  const tables = lines.join("\n").split("\n\n");
  for (const table of tables)
    for (const accuracy of [...shared, 0.321])
      if (table.includes(`${(100 * accuracy).toFixed(1)} %`))
        assert.match(table.split("\n")[0]!, /shared accuracy/);
  for (const table of tables)
    if (proxy.some((accuracy) => table.includes(`${(100 * accuracy).toFixed(1)} %`)))
      assert.match(table, /proxy accuracy/);
  assert.match(lines.join("\n"), /signs of collapse in epoch 2/);
  assert.match(lines.join("\n"), /Spearman 1\.00 \(95 % interval/);
  for (const answered of answers) assert.match(answerLine(answered), /shared accuracy/);
});

test("an epoch without architecture parameters has nothing of them", () => {
  const line = answerLine({ number: 0, question: "", answer: epochAnswer(2, null) });
  assert.equal(line, "supernet epoch 3: loss 2.500");
});

test("answers of before, which have no loss, are shown without it", () => {
  const before = answers.map((answered): Answered => {
    if (answered.answer.kind === "epoch") return answered;
    const { loss: _, ...answer } = answered.answer;
    return { ...answered, answer: answer as ScoreAnswer };
  });
  assert.equal(trustOf(before, trials, 5)!.loss, null);
  assert.equal(trustOf(before, trials, 5)!.spearman, 1);
  const { scored } = describeSupernet(before, trials, { trust: 5 })!;
  assert.deepEqual(new Set(scored.map(({ loss }) => loss)), new Set([null]));
  const table = supernetTables(before, trials, 200).at(-1)!.split("\n");
  assert.match(table[1]!, /89\.0 %/);
});

test("networks scored stand by their loss, not by their accuracy", () => {
  const against = answers.map((answered) => {
    const { answer } = answered;
    return answer.kind === "score"
      ? { ...answered, answer: { ...answer, loss: 1 + answer.accuracy } }
      : answered;
  });
  const shown = supernetTables(against, trials, 200)
    .at(-1)!
    .split("\n")
    .slice(1)
    .map((line) => Number(/([\d.]+) %/.exec(line)![1]));
  assert.ok(shown.length > 2);
  assert.deepEqual(
    shown,
    [...shown].sort((a, b) => a - b),
  );
});

test("trust is of the first trials alone, which were drawn evenly, and of those that have both accuracies", () => {
  assert.equal(trustOf(answers, trials, 3)!.networks, 3);
  assert.equal(trustOf(answers, trials, 3)!.interval, null);
  assert.equal(trustOf(answers, trials, 5)!.spearman, 1);
  assert.equal(trustOf(answers, trials, 0), undefined);
  const unlike = trials.map((trial) => ({ ...trial, genome: `${trial.genome}?` }));
  assert.equal(trustOf(answers, unlike, 4), undefined);
});
