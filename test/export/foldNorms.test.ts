import assert from "node:assert/strict";
import { test } from "node:test";
import { foldNorms } from "../../src/export/foldNorms.js";
import { input, nodes, parts } from "../../src/graph/node.js";
import { weightSpecs } from "../../src/graph/weights.js";
import { examples, exported, randomWeights } from "./examples.js";

test("a folded network has the shapes and parts it had, and exactly its own weights", () => {
  for (const [title, network] of Object.values(examples).flatMap(Object.entries)) {
    const { out, weights } = foldNorms(network, exported(network).weights);
    assert.deepEqual(out.shape, network.shape, title);
    assert.deepEqual(
      parts(out).map((part) => part.name),
      parts(network).map((part) => part.name),
      title,
    );
    assert.deepEqual([...weights.keys()], [...weightSpecs(out).keys()], title);
  }
});

test("a folded convolution computes (kernel · x + bias - mean) · γ / √(variance + ε) + β", () => {
  const network = input([1, 1, 1]).conv(1, { bias: true }).norm();
  const { out, weights } = foldNorms(
    network,
    new Map(
      Object.entries({
        "output/conv0/kernel": 3,
        "output/conv0/bias": 1,
        "output/norm0/gamma": 5,
        "output/norm0/beta": 7,
        "output/norm0/mean": 2,
        "output/norm0/variance": 4 - 1e-5,
      }).map(([path, value]) => [path, Float32Array.of(value)]),
    ),
  );
  assert.deepEqual(
    nodes(out).map((node) => node.op.kind),
    ["input", "conv"],
  );
  assert.deepEqual(
    [...weights.values()].map(([value]) => value?.toFixed(5)),
    ["7.50000", "4.50000"],
  );
});

test("folding changes neither the network nor the weights it is given", () => {
  const network = input([3, 4, 4]).conv(4).norm();
  const weights = randomWeights(network, 1);
  foldNorms(network, weights);
  assert.deepEqual(weights, randomWeights(network, 1));
});
