import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { genomeOf } from "../../../src/search/supernet/architecture.js";
import { beginning } from "../../../src/search/supernet/beginning.js";
import { borrow, withTrainer } from "../../../src/search/supernet/network.js";
import { addPairGradient, drawPairs, type Pair, pairLosses } from "../../../src/search/supernet/pairs.js";
import type { Site } from "../../../src/search/supernet/steps.js";
import { build, builderOf } from "../../../src/space/build.js";
import { trainingBatch } from "../../../src/train/augment.js";
import { reference } from "../../../src/train/engines/reference.js";
import { wasm } from "../../../src/train/engines/wasm.js";
import { choices, greys, planOf } from "./site.js";
import { small } from "./spaces.js";

const plan = planOf({});
const { weights } = beginning(plan);
for (const { values, role } of weights.values()) if (role === "gamma") values.fill(1);
const site: Site = {
  ...{ plan, choices, shared: weights, engine: wasm, held() {} },
  builder: builderOf(small, plan.proxy),
};
const batch = trainingBatch(greys(500), [0, 1, 2, 3, 4, 5, 6, 7], stream(1));

test("of each stage two different candidates are drawn, the first by its probability, the second by that of the rest", () => {
  const p = [0.7, 0.2, 0.1];
  const rng = stream(2, "pairs");
  const times = 3000;
  const counts = new Map<string, number>();
  for (let n = 0; n < times; n++) {
    const [pair, alone] = drawPairs({ candidates: [p, [0, 1]] }, rng);
    assert.deepEqual(alone, [1]);
    counts.set(pair!.join(), (counts.get(pair!.join()) ?? 0) + 1);
  }
  for (const a of p.keys())
    for (const b of p.keys()) {
      const wanted = a === b ? 0 : (p[a]! * p[b]!) / (1 - p[a]!);
      const share = (counts.get(`${a},${b}`) ?? 0) / times;
      assert.ok(Math.abs(share - wanted) < 0.03 && (wanted > 0 || share === 0), `${a},${b}: ${share}`);
    }
});

test("losses of pairs are the cross-entropy of each whole network in training mode, one stage changed at a time", async () => {
  const pairs: readonly Pair[] = choices.stages.map(({ length }, i) => (i === 1 ? [0] : [0, length - 1]));
  const lossOf = async (picked: readonly number[]) => {
    const network = borrow(build(small, genomeOf(choices, picked), plan.proxy), weights, plan.rule.sharing);
    const logits = await withTrainer(reference, network, (trainer) => trainer.gradients(batch).logits);
    let sum = 0;
    for (const [i, label] of batch.labels.entries()) {
      const row = logits.subarray(4 * i, 4 * i + 4);
      sum += Math.log(row.reduce((total, x) => total + Math.exp(x - row[label]!), 0));
    }
    return sum / batch.count;
  };
  const firsts = pairs.map(([first]) => first);
  const { first, second } = await pairLosses(site, batch, pairs);
  assert.ok(Math.abs(first - (await lossOf(firsts))) < 1e-3);
  for (const [i, [, other]] of pairs.entries()) {
    if (other === undefined) assert.equal(second[i], undefined);
    else assert.ok(Math.abs(second[i]! - (await lossOf(firsts.with(i, other)))) < 1e-3);
  }
  assert.ok(new Set([first, ...second]).size > 2, "the test would not tell networks apart");
});

test("of two candidates the gradient is p (1 - p) times the difference of their losses", () => {
  const only = {
    stages: [[0, 1].map((index) => ({ ...choices.stages[0]![0]!, decisions: [{ name: "d", index }] }))],
  };
  const distribution = { values: { d: [0.3, 0.7] }, candidates: [[0.3, 0.7]] };
  const to = { d: [0, 0] };
  addPairGradient(to, only, distribution, [[0, 1]], { first: 2, second: [5] }, 1);
  assert.ok(Math.abs(to.d[0]! + 3 * 0.3 * 0.7) < 1e-12 && Math.abs(to.d[1]! - 3 * 0.3 * 0.7) < 1e-12);
});
