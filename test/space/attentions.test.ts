import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cost } from "../../src/graph/cost.js";
import { input, nodes } from "../../src/graph/node.js";
import type { Attention } from "../../src/space/attentions/attention.js";
import * as attentions from "../../src/space/attentions/index.js";

for (const [name, { apply }] of Object.entries(attentions))
  test(`${name} keeps every shape`, () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 96 }), size, size, (c, h, w) => {
        assert.deepEqual(apply(input([c, h, w]), "relu").shape, [c, h, w]);
      }),
    );
  });

test("mhsa takes 32 channels a head, or the largest divisor below", () => {
  const heads = (c: number) =>
    nodes(attentions.mhsa.apply(input([c, 4, 4]), "relu")).flatMap(({ op }) =>
      op.kind === "attention" ? [op.heads] : [],
    );
  assert.deepEqual([64, 112, 40, 24, 37].map(heads), [[2], [4], [2], [1], [37]]);
});

test("additive attention costs in proportion to the positions, self-attention more", () => {
  const macs = ({ apply }: Attention, side: number) => cost(apply(input([32, side, side]), "relu")).macs;
  const { additive, mhsa } = attentions;
  // The channel gates (2·32² macs) do not grow.
  assert.equal(macs(additive, 16) - 2048, 4 * (macs(additive, 8) - 2048));
  assert.ok(macs(mhsa, 16) > 4 * macs(mhsa, 8));
});

test("graph attention looks at every second position, as MobileViG does", () => {
  const { graph } = attentions;
  const steps = nodes(graph.apply(input([8, 4, 4]), "gelu")).flatMap(({ op }) =>
    op.kind === "maxRelative" ? [op.step] : [],
  );
  assert.deepEqual(steps, [2]);
});
