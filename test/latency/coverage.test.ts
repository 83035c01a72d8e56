import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cost } from "../../src/graph/cost.js";
import { kernels } from "../../src/graph/fuse.js";
import { input } from "../../src/graph/node.js";
import { type Extent, extent, outside, validityOf } from "../../src/latency/coverage.js";

const size = fc.integer({ min: 1, max: 1e9 });
const some: fc.Arbitrary<Extent> = fc.record({
  macs: size,
  params: size,
  kernels: size,
  resolution: size,
  channels: size,
  kernelSize: size,
  traits: fc.subarray(["dense", "depthwise", "relu", "attention"]),
});

const whole = ["macs", "params", "kernels", "resolution"] as const;
const upper = ["channels", "kernelSize"] as const;

test("no network of a fit is outside it", () => {
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), (all) => {
      for (const one of all) assert.deepEqual(outside(one, validityOf(all)), { ways: [], excess: 0 });
    }),
  );
});

test("one step past either end of a range is outside, for the one reason", () => {
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), (all) => {
      const validity = validityOf(all);
      for (const key of [...whole, ...upper]) {
        const past = outside({ ...all[0]!, [key]: validity[key][1] + 1 }, validity);
        assert.equal(past.ways.length, 1);
        assert.ok(past.ways[0]!.why.includes("above the fitted"), past.ways[0]!.why);
        assert.ok(past.excess > 0);
      }
      for (const key of whole) {
        const short = outside({ ...all[0]!, [key]: validity[key][0] - 1 }, validity);
        assert.equal(short.ways.length, 1);
        assert.ok(short.ways[0]!.why.includes("below the fitted"), short.ways[0]!.why);
        assert.equal(short.excess, 0);
      }
    }),
  );
});

test("what no fitted network has is named", () => {
  const seen = extent(kernels(input([3, 8, 8]).conv(8).act("relu")));
  const network = extent(kernels(input([3, 8, 8]).conv(8).act("gelu")));
  assert.deepEqual(outside(network, validityOf([seen])).ways, [
    { what: "gelu, which no fitted network has", why: "no fitted network has gelu" },
  ]);
});

test("an extent counts as cost does, and knows dilation from depthwise from dense", () => {
  const out = input([3, 32, 24])
    .conv(8, { kernel: 3, dilation: 2 })
    .norm()
    .depthwise({ kernel: 5 })
    .globalPool()
    .conv(10);
  const { macs, params } = cost(out);
  const { traits, ...sizes } = extent(kernels(out));
  assert.deepEqual(sizes, { macs, params, kernels: 4, resolution: 32, channels: 10, kernelSize: 5 });
  assert.deepEqual([...traits].sort(), ["dense", "depthwise", "dilated", "globalPool", "norm", "pointwise"]);
});
