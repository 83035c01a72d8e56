import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { input, type Node } from "../../src/graph/node.js";
import { reference } from "../../src/train/engines/index.js";
import { recipe } from "../../src/train/fit.js";
import { initialWeights } from "../../src/train/initial.js";
import { withQuietBranches } from "../../src/train/quiet.js";

const start = (out: Node) => initialWeights(out, stream(1, "init", 0));

/** Paths of the weights that are changed, all to 0. */
function silenced(out: Node): string[] {
  const before = start(out);
  const after = withQuietBranches(out, before);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  const changed = [...after].filter(([path, values]) => values.some((v, i) => v !== before.get(path)![i]));
  for (const [, values] of changed) assert.ok(values.every((v) => v === 0));
  return changed.map(([path]) => path);
}

const stem = () => input([3, 6, 6]).conv(4, { kernel: 3 }).norm().act("relu").as("stem");

test("the last norm, layer scale or convolution of a residual branch is silent, and nothing else", () => {
  const x = stem();
  assert.deepEqual(silenced(x.conv(8).norm().act("relu").conv(4).norm().add(x).as("a")), ["a/norm1/gamma"]);
  assert.deepEqual(silenced(x.conv(4).norm().scale(0.1).add(x).as("a")), ["a/scale0/factor"]);
  assert.deepEqual(silenced(x.norm().conv(4, { bias: true }).add(x).as("a")), ["a/conv0/kernel"]);
});

test("sums of parallel branches, and branches used twice, stay as they are", () => {
  const x = stem();
  assert.deepEqual(
    silenced(
      x
        .conv(4)
        .norm()
        .add(x.conv(4, { kernel: 3 }).norm())
        .as("a"),
    ),
    [],
  );
  const twice = x.conv(4).norm();
  assert.deepEqual(silenced(twice.add(x).times(twice.globalPool()).as("a")), []);
  assert.deepEqual(silenced(x.conv(4).norm().act("relu").add(x).as("a")), []);
});

test("a network with quiet branches starts as the network of its shortcuts, and its branches learn", async () => {
  const x = stem();
  const head = (from: Node) => from.globalPool().conv(2, { bias: true }).as("head");
  const deep = head(x.conv(4, { kernel: 3 }).norm().add(x).as("block"));
  const weights = withQuietBranches(deep, start(deep));
  const images = Float32Array.from({ length: 4 * 3 * 36 }, (_, i) => Math.sin(i));
  const trainer = await reference.open(deep, weights, recipe.optimiser);
  const flat = await reference.open(head(x), weights, recipe.optimiser);
  assert.deepEqual(trainer.logits({ images, count: 4 }), flat.logits({ images, count: 4 }));
  const { gradients } = trainer.gradients({ images, labels: Uint8Array.of(0, 1, 1, 0), count: 4 });
  assert.ok(gradients.get("block/norm0/gamma")!.some((g) => Math.abs(g) > 1e-4));
});
