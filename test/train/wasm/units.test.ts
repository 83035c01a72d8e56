import assert from "node:assert/strict";
import { test } from "node:test";
import { input, type Node } from "../../../src/graph/node.js";
import { units } from "../../../src/train/wasm/units.js";

/** The units of a network as text: what each joins. */
const shown = (out: Node) =>
  units(out).map(({ anchor, affine, act }) => [anchor, affine, act].map((n) => n?.op.kind ?? "-").join(" "));

const x = input([4, 4, 4]);

test("a convolution, its norm and its activation are one unit", () => {
  assert.deepEqual(shown(x.conv(8).norm().act("relu").conv(4).scale(1).add(x)), [
    "input - -",
    "conv norm act",
    "conv scale -",
    "add - -",
  ]);
});

test("what another node reads too is not joined", () => {
  const y = x.conv(8);
  assert.deepEqual(shown(y.norm().act("relu").add(y)), ["input - -", "conv - -", "- norm act", "add - -"]);
  const z = x.conv(8).norm();
  assert.deepEqual(shown(z.act("relu").add(z)), ["input - -", "conv norm -", "- - act", "add - -"]);
});

test("an activation before a norm is not taken for one behind it", () => {
  assert.deepEqual(shown(x.conv(8).act("relu").norm()), ["input - -", "conv - act", "- norm -"]);
  assert.deepEqual(shown(x.norm().norm()), ["input norm -", "- norm -"]);
});
