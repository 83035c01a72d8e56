import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kernels } from "../../src/graph/fuse.js";
import { input, type Node, nodes } from "../../src/graph/node.js";
import { anyNetwork } from "./networks.js";

const x = input([4, 6, 6]);
const shown = (out: Node) => kernels(out).map((kernel) => kernel.nodes.map((n) => n.op.kind).join(" "));

test("Norm, activation, layer scale and residual add join the convolution before them", () => {
  const start = x.conv(4);
  const out = start.conv(4).norm().act("relu").scale(0.1).add(start);
  assert.deepEqual(shown(out), ["conv", "conv norm act scale add"]);
  assert.deepEqual(kernels(out)[1]!.inputs, [start]);
  assert.equal(kernels(out)[1]!.output, out);
});

test("A node with two consumers ends its kernel", () => {
  const norm = x.conv(4).norm();
  assert.deepEqual(shown(norm.act("sigmoid").add(norm)), ["conv norm", "act add"]);
});

test("An add joins the branch that is computed last", () => {
  const [left, right] = [x.conv(4), x.conv(4, { kernel: 3 })];
  const out = left.norm().add(right.norm());
  assert.deepEqual(shown(out), ["conv norm", "conv norm add"]);
  assert.deepEqual(
    kernels(out)[1]!.inputs.map((n) => n.op.kind),
    ["input", "norm"],
  );
});

test("A sum of a node with itself is a kernel of its own", () => {
  const conv = x.conv(4);
  assert.deepEqual(shown(conv.add(conv)), ["conv", "add"]);
  assert.deepEqual(kernels(conv.add(conv))[1]!.inputs, [conv]);
});

test("Gates, means, pools, shuffles and concatenation are kernels of their own", () => {
  const conv = x.conv(4);
  const gated = conv.times(conv.globalPool()).average(conv).shuffle(2);
  assert.deepEqual(shown(gated.concat(gated).act("relu")), [
    "conv",
    "globalPool",
    "mul",
    "average",
    "shuffle",
    "concat act",
  ]);
});

test("Elementwise work on the network's input is a kernel", () => {
  assert.deepEqual(shown(x.norm().act("relu")), ["norm act"]);
  assert.deepEqual(shown(x), []);
});

test("A kernel stands in the part of its anchor", () => {
  const stem = x.conv(4).as("stem");
  assert.deepEqual(
    kernels(stem.norm().conv(4)).map((k) => k.part),
    ["stem", "output"],
  );
});

test("Kernels hold every node but the input once and read only what was written before", () => {
  fc.assert(
    fc.property(anyNetwork, (out) => {
      const all = kernels(out);
      const inside = all.flatMap((kernel) => kernel.nodes);
      assert.deepEqual(new Set(inside), new Set(nodes(out).filter((n) => n.op.kind !== "input")));
      assert.equal(inside.length, new Set(inside).size);
      const written = new Set(nodes(out).filter((n) => n.op.kind === "input"));
      for (const { inputs, output } of all) {
        for (const from of inputs) assert.ok(written.has(from));
        written.add(output);
      }
      assert.ok(written.has(out));
    }),
  );
});
