import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { choicesOf, distributionOf, evenLogits } from "../../../src/search/supernet/architecture.js";
import { dealer } from "../../../src/search/supernet/deal.js";
import { fbnet } from "../../../src/space/spaces/index.js";
import { small, uneven } from "./spaces.js";

for (const space of [small, uneven, fbnet])
  test(`${space.name}: in the beginning all candidates of a stage are equally likely, a skip no more than others`, () => {
    const choices = choicesOf(space);
    const { candidates } = distributionOf(choices, evenLogits(choices));
    for (const stage of candidates)
      for (const p of stage) assert.ok(Math.abs(p - 1 / stage.length) < 1e-12, `${p} of ${stage.length}`);
  });

test("networks are dealt so that in as many as a stage has candidates each had its turn", () => {
  const choices = choicesOf(uneven);
  const deal = dealer(choices, stream(3, "deal"));
  const rounds = 3;
  const most = Math.max(...choices.stages.map(({ length }) => length));
  const dealt = Array.from({ length: rounds * most }, deal);
  choices.stages.forEach(({ length }, i) => {
    for (let first = 0; first + length <= dealt.length; first += length) {
      const turns = dealt.slice(first, first + length).map((taken) => taken[i]![0]);
      assert.equal(new Set(turns).size, length);
    }
  });
  const orders = new Set(
    Array.from({ length: rounds }, (_, r) => dealt.slice(r * most, (r + 1) * most).join()),
  );
  assert.equal(orders.size, rounds, "each deck is shuffled anew");
});
