import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../../src/base/errors.js";
import { iphone13Npu } from "../../../src/latency/targets/index.js";
import { fastest, limitedMoves } from "../../../src/search/feasible.js";
import { measurer } from "../../../src/search/measure.js";
import { choicesOf, distributionOf, evenLogits, lineOf } from "../../../src/search/supernet/architecture.js";
import { likeliest } from "../../../src/search/supernet/derive.js";
import type { ScoreAnswer, SupernetAnswer, SupernetQuestion } from "../../../src/search/supernet/question.js";
import { type Answered, trainSupernet } from "../../../src/search/supernet/run.js";
import { planOf } from "./site.js";
import { small } from "./spaces.js";

const measure = measurer(small, iphone13Npu);
/** About half of the networks are within. */
const limitMs = 1.06 * measure(fastest(small, measure).genome).latencyMs;

/** The loss the supernet is made to have of a network: the number its text hashes to. */
const said = (genome: string): number =>
  ([...genome].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % 1000) / 1000;

async function derived(
  networks: number,
  compared: number,
  logits = evenLogits(choicesOf(small)),
  recall: (number: number) => Answered | undefined = () => undefined,
) {
  const asked: string[] = [];
  const genomes = await trainSupernet({
    plan: planOf({ epochs: 1 }, limitMs),
    ...{ derivation: { by: "likeliest", compared }, networks, trust: 0, folder: "" },
    draw: () => limitedMoves(small, measure, { latencyMs: limitMs }, fastest(small, measure).genome),
    async ask(question: SupernetQuestion): Promise<SupernetAnswer> {
      if (question.kind === "score") {
        asked.push(question.genome);
        const loss = said(question.genome);
        return { kind: "score", genome: question.genome, accuracy: 0.5, loss, seconds: 0 };
      }
      return {
        ...{ kind: "epoch", epoch: 0, checkpoint: "none", loss: 1, logits },
        ...{ expectedMs: 1, latencyWeight: 1, guarded: null, heapBytes: 0, seconds: 0 },
      };
    },
    recall,
    async record() {},
    async prune() {},
    onAnswer() {},
  });
  return { genomes, asked };
}

test("after the likeliest come the draws within the limit that have the least shared loss", async () => {
  const { genomes, asked } = await derived(3, 10);
  assert.equal(new Set(asked).size, 10);
  for (const genome of asked) assert.ok(measure(genome).latencyMs <= limitMs);
  const [likeliest, ...draws] = asked;
  assert.deepEqual(genomes, [likeliest, ...draws.toSorted((a, b) => said(a) - said(b)).slice(0, 2)]);
});

test("a distribution that is sure of one network still derives as many as are wanted", async () => {
  const choices = choicesOf(small);
  const sure = Object.fromEntries(
    Object.entries(evenLogits(choices)).map(([name, of]) => [name, of.map((_, n) => (n === 0 ? 60 : 0))]),
  );
  const { genomes, asked } = await derived(5, 8, sure);
  assert.deepEqual([new Set(genomes).size, new Set(asked).size], [5, 8]);
  assert.equal(
    genomes[0],
    lineOf(choices, likeliest(planOf({}).latency, distributionOf(choices, sure), limitMs)!),
  );
});

test("a ledger whose networks were asked for their accuracy alone is refused, with what to do", async () => {
  const before = (number: number): Answered | undefined => {
    if (number !== 1) return undefined;
    const genome = fastest(small, measure).genome;
    const answer = { kind: "score", genome, accuracy: 0.5, seconds: 0 } as ScoreAnswer;
    return { number, question: `score ${genome}`, answer };
  };
  await assert.rejects(derived(3, 4, undefined, before), (error: UserError) => {
    assert.match(error.message, /is of "score small:.*this version asks "loss small:/);
    assert.match(error.whatToDo, /start a new one/);
    return error instanceof UserError;
  });
});

test("more networks than are compared follow in the order they are drawn, and change none before them", async () => {
  const few = await derived(4, 4);
  const many = await derived(7, 4);
  assert.deepEqual(many.genomes.slice(0, 4), few.genomes);
  assert.deepEqual(many.genomes.slice(4), many.asked.slice(4));
});
