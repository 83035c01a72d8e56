import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stream } from "../../src/base/rng.js";
import { formatGenome } from "../../src/space/candidate.js";
import { compose, decisionsOf } from "../../src/space/compose.js";
import { sample } from "../../src/space/moves.js";
import type { Space } from "../../src/space/space.js";
import * as spaces from "../../src/space/spaces/index.js";

for (const [name, space] of Object.entries<Space>(spaces)) {
  test(`${name}: a genome's decisions, answered again, make that genome`, () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const genome = sample(space, stream(seed));
        const decisions = decisionsOf(space, genome);
        const asked: string[] = [];
        const again = compose(space, (decision, values) => {
          const { name, index, values: expected } = decisions[asked.length]!;
          assert.deepEqual([decision, values], [name, expected]);
          asked.push(decision);
          return index;
        });
        assert.equal(formatGenome(space, again), formatGenome(space, genome));
        assert.equal(asked.length, decisions.length);
        assert.equal(new Set(asked).size, asked.length, "each decision is asked once");
      }),
      { numRuns: 50 },
    );
  });

  test(`${name}: a decision of one name always has as many values`, () => {
    const known = new Map<string, number>();
    for (let seed = 0; seed < 200; seed++)
      for (const { name, values } of decisionsOf(space, sample(space, stream(seed)))) {
        assert.ok(values > 1);
        assert.equal(known.get(name) ?? values, values);
        known.set(name, values);
      }
  });
}
