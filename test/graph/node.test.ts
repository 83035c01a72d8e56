import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { consumers, input, Node, nodes, parts, paths } from "../../src/graph/node.js";
import { anyNetwork } from "./networks.js";

test("Nodes come after their inputs, once each, the network's own last", () => {
  fc.assert(
    fc.property(anyNetwork, (out) => {
      const order = nodes(out);
      assert.equal(order.at(-1), out);
      assert.equal(new Set(order).size, order.length);
      order.forEach((node, i) => {
        for (const from of node.inputs) assert.ok(order.indexOf(from) < i);
      });
    }),
  );
});

test("Consumers are counted once for each use", () => {
  const x = input([2, 2, 2]);
  const sum = x.add(x);
  assert.deepEqual(consumers(sum).get(x), [sum, sum]);
  assert.deepEqual(consumers(sum).get(sum), []);
});

test("Names cut a network into parts, and what follows the last name is the output", () => {
  const stem = input([3, 4, 4]).conv(4).norm().as("stem");
  const body = stem.conv(4).as("body");
  const out = body.globalPool().conv(2);
  const cut = parts(out).map(({ name, nodes }) => [name, nodes.map((n) => n.op.kind)]);
  assert.deepEqual(cut, [
    ["stem", ["input", "conv", "norm"]],
    ["body", ["conv"]],
    ["output", ["globalPool", "conv"]],
  ]);
  assert.deepEqual(
    parts(out.as("head")).map((part) => part.name),
    ["stem", "body", "head"],
  );
});

test("Paths number the nodes of one kind within their part", () => {
  const stem = input([3, 4, 4]).conv(4).conv(4).as("stem");
  assert.deepEqual(
    [...paths(stem.conv(4)).values()],
    ["stem/input0", "stem/conv0", "stem/conv1", "output/conv0"],
  );
});

test("Paths are unique, even where two parts have one name", () => {
  const twice = input([3, 4, 4]).conv(4).as("stage").conv(4).as("stage").conv(4);
  for (const out of [twice, ...fc.sample(anyNetwork, { numRuns: 200, seed: 1 })]) {
    const all = [...paths(out).values()];
    assert.equal(new Set(all).size, all.length);
    assert.equal(all.length, nodes(out).length);
  }
});

test("A name is one word", () => {
  const x = input([3, 4, 4]);
  for (const name of ["", "stage 1", "a\nb"])
    assert.throws(() => x.as(name), { name: "UserError", message: `a part is named "${name}"` });
});

test("A node cannot be changed, and `none` is no activation", () => {
  const x = input([3, 4, 4]);
  assert.throws(() => Object.assign(x, { name: "other" }), TypeError);
  assert.equal(x.act("none"), x);
});

test("A network may be thousands of nodes deep", () => {
  let out: Node = input([1, 1, 1]);
  for (let i = 0; i < 3000; i++) out = new Node({ kind: "norm" }, [out]);
  assert.equal(nodes(out).length, 3001);
});
