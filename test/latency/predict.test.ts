import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cost } from "../../src/graph/cost.js";
import { kernels } from "../../src/graph/fuse.js";
import { input, type Node } from "../../src/graph/node.js";
import { kernelMs } from "../../src/latency/model.js";
import { predict } from "../../src/latency/predict.js";
import { iphone13Npu } from "../../src/latency/targets/index.js";
import { workOf } from "../../src/latency/work.js";
import { rapidnet_ti, tiny_moat0, tiny_moat3 } from "../../src/space/zoo/index.js";

interface Plan {
  readonly widths: readonly number[];
  readonly kernel: number;
  readonly expand: number;
  readonly resolution: number;
}

/** Inverted residuals with a gate, a stage for each width. */
function network({ widths, kernel, expand, resolution }: Plan): Node {
  let x = input([3, resolution, resolution]).conv(widths[0]!, { kernel: 3, stride: 2 }).norm().as("stem");
  widths.forEach((width, i) => {
    const wide = x
      .conv(x.channels * expand)
      .norm()
      .act("relu");
    const deep = wide.depthwise({ kernel, stride: 2 }).norm();
    const gate = deep.globalPool().conv(8, { bias: true }).act("relu").conv(deep.channels).act("sigmoid");
    const thin = deep.times(gate).conv(width).norm();
    x = thin
      .conv(width, { kernel: 3, dilation: 2 })
      .norm()
      .add(thin)
      .as(`stage${i + 1}`);
  });
  return x.globalPool().conv(1000, { bias: true }).as("classifier");
}

const plan = fc.record({
  widths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
  kernel: fc.constantFrom(3, 5, 7),
  expand: fc.integer({ min: 1, max: 6 }),
  resolution: fc.constantFrom(64, 160, 224, 256),
});

const ms = (out: Node) => predict(out, iphone13Npu).ms;

test("a prediction is its parts and the call, above the call, and inside its own interval", () => {
  fc.assert(
    fc.property(plan, (p) => {
      const out = network(p);
      const { ms, lowMs, highMs, callMs, parts } = predict(out, iphone13Npu);
      const sum = (of: (part: (typeof parts)[number]) => number) =>
        parts.reduce((s, part) => s + of(part), 0);
      assert.ok(Math.abs(sum((part) => part.ms) + callMs - ms) < 1e-9 * ms);
      assert.ok(Math.abs(sum((part) => part.share) + callMs / ms - 1) < 1e-9);
      assert.equal(
        sum((part) => part.kernels!),
        kernels(out).length,
      );
      assert.equal(
        sum((part) => part.macs!),
        cost(out).macs,
      );
      assert.ok(callMs > 0 && ms > callMs && lowMs > 0 && lowMs < ms && ms < highMs);
    }),
    { numRuns: 50 },
  );
});

test("wider, larger-kernelled, more expanded and finer networks are never faster", () => {
  fc.assert(
    fc.property(plan, fc.nat(3), fc.integer({ min: 1, max: 64 }), (p, at, more) => {
      const now = ms(network(p));
      const widths = p.widths.map((w, i) => (i === at % p.widths.length ? w + more : w));
      assert.ok(ms(network({ ...p, widths })) >= now, "width");
      assert.ok(ms(network({ ...p, kernel: p.kernel + 2 })) >= now, "kernel");
      assert.ok(ms(network({ ...p, expand: p.expand + 1 })) >= now, "expand");
      assert.ok(ms(network({ ...p, resolution: p.resolution + 32 })) >= now, "resolution");
    }),
    { numRuns: 50 },
  );
});

test("a deeper network takes exactly its further kernels longer", () => {
  const body = input([16, 28, 28]).conv(32).norm().act("relu");
  const deeper = body.depthwise({ kernel: 3 }).norm();
  const work = workOf(kernels(deeper).at(-1)!, iphone13Npu.model.granularity);
  assert.ok(Math.abs(ms(deeper) - ms(body) - kernelMs(work, iphone13Npu.model)) < 1e-12);
});

test("RapidNet-Ti comes out near the 0.9 ms its authors measured on an iPhone 13 mini", () => {
  const { ms, lowMs, highMs, extrapolated } = predict(rapidnet_ti.build(), iphone13Npu);
  assert.ok(Math.abs(ms / 0.9 - 1) < 0.15, `${ms}`);
  assert.ok(lowMs < 0.9 && 0.9 < highMs);
  assert.equal(extrapolated, false);
});

test("a network twice as large as any fitted one is extrapolated, and its interval the wider for it", () => {
  const { ms, highMs, lowMs, extrapolated, reasons } = predict(tiny_moat3.build(), iphone13Npu);
  assert.equal(extrapolated, true);
  assert.ok(reasons.includes("5.897 G MACs is above the fitted 2.979 G"), reasons.join("; "));
  const { macs } = iphone13Npu.validity;
  const least = iphone13Npu.interval.halfWidthOutside + Math.log(5.897e9 / macs[1]) / 2;
  assert.ok(Math.abs(Math.log(highMs / ms) - least) < 1e-3);
  assert.ok(Math.abs(highMs * lowMs - ms * ms) < 1e-9);
});

test("one operator that no fitted network has is enough to extrapolate, with the outer half width", () => {
  const { ms, highMs, extrapolated, reasons } = predict(tiny_moat0.build(), iphone13Npu);
  assert.deepEqual(reasons, ["no fitted network has avgPool"]);
  assert.equal(extrapolated, true);
  assert.ok(Math.abs(Math.log(highMs / ms) - iphone13Npu.interval.halfWidthOutside) < 1e-12);
});
