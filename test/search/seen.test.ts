import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hasSeen, nothingSeen, type Seen, see } from "../../src/search/seen.js";

test("it has seen what was added and nothing else, and what it was before stays as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 })), (numbers) => {
      const states: Seen[] = [nothingSeen];
      for (const n of numbers) states.push(see(states.at(-1)!, String(n)));
      for (const [i, state] of states.entries())
        for (let n = 0; n <= 30; n++)
          assert.equal(hasSeen(state, String(n)), numbers.slice(0, i).includes(n));
    }),
  );
});

test("ten thousand items lie in few parts", () => {
  let seen = nothingSeen;
  for (let n = 0; n < 10_000; n++) seen = see(seen, String(n));
  assert.ok(seen.length <= 14, `${seen.length}`);
});
