import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stream } from "../../../src/base/rng.js";
import { input } from "../../../src/graph/node.js";
import { reference, wasm } from "../../../src/train/engines/index.js";
import { initialWeights } from "../../../src/train/initial.js";
import { batchFor, classes } from "../networks.js";
import { relativeError } from "./helpers.js";

const side = fc.integer({ min: 1, max: 11 });
const convs = fc
  .record({
    each: fc.integer({ min: 1, max: 9 }),
    outEach: fc.integer({ min: 1, max: 9 }),
    groups: fc.integer({ min: 1, max: 12 }),
    kernel: fc.constantFrom(1, 3, 5, 7, 9),
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 4 }),
    bias: fc.boolean(),
    height: side,
    width: side,
    deep: fc.boolean(),
  })
  .map(({ each, outEach, deep, groups, ...rest }) => {
    const depthwise = deep && groups > 1;
    return {
      ...rest,
      groups,
      from: depthwise ? groups : each * groups,
      out: depthwise ? groups : outEach * groups,
    };
  });

test("a convolution of any form has the reference's gradients within 1e-4", async () => {
  await fc.assert(
    fc.asyncProperty(convs, async ({ from, out, height, width, ...options }) => {
      const network = input([3, height, width])
        .conv(from, { bias: true })
        .conv(out, options)
        .conv(classes)
        .act("silu")
        .globalPool();
      const weights = initialWeights(network, stream(1, "weights"));
      const batch = batchFor([3, height, width], 2, 1);
      const ask = async (engine: typeof wasm) => {
        const trainer = await engine.open(network, weights, {
          momentum: 0,
          nesterov: false,
          weightDecay: 0,
          labelSmoothing: 0,
        });
        const { gradients } = trainer.gradients(batch);
        trainer.dispose();
        return gradients;
      };
      const [found, expected] = [await ask(wasm), await ask(reference)];
      const whole = Math.hypot(...[...expected.values()].flatMap((g) => [...g]));
      for (const [path, gradient] of expected) {
        const share = Math.hypot(...gradient) / whole;
        const off = relativeError(found.get(path)!, gradient) * Math.min(1, share / 1e-2);
        assert.ok(off < 1e-4, `${path} is off by ${off}`);
      }
    }),
    { numRuns: 80, seed: 1 },
  );
});
