import assert from "node:assert/strict";
import { test } from "node:test";
import { kernels } from "../../src/graph/fuse.js";
import { input, nodes } from "../../src/graph/node.js";
import { signature } from "../../src/graph/signature.js";
import { blocksOf } from "../../src/latency/piece.js";
import { familiesOf } from "../../src/measure/order.js";
import { effortOf, planOf, quick, randomNetworks } from "../../src/measure/plan.js";
import { smallModel } from "../../src/measure/smallModel.js";
import { fbnet } from "../../src/space/spaces/index.js";
import * as zoo from "../../src/space/zoo/index.js";

test("A small model runs each kernel of the zoo as it is, between nodes of its own", () => {
  const seen = new Set<string>();
  for (const network of [zoo.rapidnet_ti.build(), zoo.mobilenet_v3_small.build(), zoo.tiny_moat0.build()])
    for (const kernel of kernels(network)) {
      const key = signature(kernel);
      if (seen.has(key)) continue;
      seen.add(key);
      const small = smallModel(kernel);
      assert.deepEqual(small.shape, [16, 1, 1]);
      const layers = kernels(small).map(({ part }) => part);
      assert.ok(layers.indexOf("beforeFlush") < layers.findIndex((part) => part.startsWith("it")));
      const own = nodes(small).filter(({ name }) => name?.startsWith("it"));
      assert.deepEqual(
        own.map(({ op, shape }) => ({ op, shape })),
        kernel.nodes.map(({ op, shape }) => ({ op, shape })),
      );
    }
  assert.ok(seen.size > 60);
});

test("A small model of a block has all of its kernels", () => {
  const [, , block] = blocksOf(zoo.mobilenet_v3_small.build());
  const own = kernels(smallModel(block!)).filter((kernel) => kernel.part.startsWith("it"));
  assert.ok(own.length >= 3);
});

test("A family is measured from its ends inwards, each next kernel far from those before", () => {
  const widths = [16, 24, 32, 40, 48, 56, 64];
  const all = widths.map((width) => kernels(input([width, 8, 8]).conv(width))[0]!);
  const [family, ...others] = familiesOf(all);
  assert.deepEqual(others, []);
  const order = family!.kernels.map((kernel) => kernel.output.channels);
  assert.deepEqual(order.slice(0, 3), [16, 64, 32]);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    widths,
  );
});

test("A plan has every kernel of the space, networks to learn from, and others to validate on", () => {
  const plan = planOf([fbnet], [], false);
  const { kernels: all, fewestKernels, networks, minutes } = effortOf(plan);
  assert.ok(all > fewestKernels && fewestKernels > 50);
  assert.ok(minutes[0] > 0 && minutes[1] > minutes[0]);
  assert.equal(networks, 16);
  const learnt = new Set(plan.networks.map(({ key }) => key));
  assert.ok(randomNetworks(fbnet, 20, "validate").every(({ key }) => !learnt.has(key)));
  const least = effortOf(quick(plan));
  assert.equal(least.kernels, fewestKernels);
  assert.equal(least.networks, 8);
});
