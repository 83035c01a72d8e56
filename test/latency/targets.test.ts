import assert from "node:assert/strict";
import { test } from "node:test";
import { kebab } from "../../src/base/lookup.js";
import { kernels } from "../../src/graph/fuse.js";
import { extent, outside } from "../../src/latency/coverage.js";
import { predict } from "../../src/latency/predict.js";
import type { ErrorSummary, Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";
import * as zoo from "../../src/space/zoo/index.js";

const networks: Readonly<Record<string, { build(): import("../../src/graph/node.js").Node }>> = zoo;

const logs = (target: Target, of: "fittedMs" | "heldOutMs") =>
  target.rows.map((row) => ({ row, error: Math.log(row[of] / row.ms) }));
const isProtocol = (target: Target) => (source: string) => target.offsets[source] === undefined;

for (const [name, target] of Object.entries<Target>(targets)) {
  const typed = kebab(name);
  const protocol = isProtocol(target);

  test(`${typed} says what it stands for and where its numbers come from`, () => {
    for (const key of ["title", "device", "soc", "os", "runtime", "dtype", "protocol", "source"] as const)
      assert.ok(target[key].length > 2, key);
  });

  test(`${typed} has a model of finite numbers, none below 0, and efficiencies up to 1`, () => {
    const { efficiency, callMs, kernelMs, layoutMs, ...rates } = target.model;
    for (const n of [callMs, kernelMs, layoutMs]) assert.ok(n >= 0 && n < 10);
    for (const n of Object.values(efficiency)) assert.ok(n > 0 && n <= 1);
    for (const n of Object.values(rates)) assert.ok(n > 0 && Number.isFinite(n));
  });

  test(`${typed} states its errors, and its interval held for the networks left out`, () => {
    const { families, ...errors } = target.error;
    for (const { n, rmsLog, mape } of [...families, ...Object.values<ErrorSummary>(errors)])
      assert.ok(n > 0 && rmsLog > 0 && mape > 0 && Number.isFinite(rmsLog + mape));
    const { level, halfWidth, halfWidthOutside } = target.interval;
    assert.ok(level > 0.5 && level < 1 && halfWidth > 0 && halfWidthOutside >= halfWidth);
    const held = logs(target, "heldOutMs").filter(({ row }) => protocol(row.source));
    const within = held.filter(({ error }) => Math.abs(error) <= halfWidth);
    assert.ok(within.length >= 0.85 * held.length, `${within.length} of ${held.length}`);
  });

  test(`${typed} predicts networks it has not seen better than a plain fit on MACs and params`, () => {
    assert.ok(target.error.networkOut.rmsLog < target.error.baseline.rmsLog);
  });

  test(`${typed} states the errors that its rows have`, () => {
    for (const [of, stated] of [
      ["fittedMs", target.error.inSample],
      ["heldOutMs", target.error.networkOut],
    ] as const) {
      const errors = logs(target, of).filter(({ row }) => protocol(row.source));
      const rms = Math.sqrt(errors.reduce((sum, { error }) => sum + error ** 2, 0) / errors.length);
      assert.equal(errors.length, stated.n);
      assert.ok(Math.abs(rms - stated.rmsLog) < 1e-6);
    }
  });

  test(`${typed} predicts of the zoo's networks today what it was fitted to; else run npm run fit:latency`, () => {
    for (const { network, source, fittedMs } of target.rows) {
      const out = networks[network]!.build();
      const { ms, extrapolated, reasons } = predict(out, target);
      const shown = ms * Math.exp(target.offsets[source] ?? 0);
      assert.ok(
        Math.abs(shown / fittedMs - 1) < 1e-6,
        `${network} from ${source}: ${shown}, not ${fittedMs}`,
      );
      assert.equal(extrapolated, false, `${network}: ${reasons.join("; ")}`);
    }
  });

  test(`${typed} has a fitted network at each end of its validity`, () => {
    const all = [...new Set(target.rows.map((row) => row.network))].map((n) =>
      extent(kernels(networks[n]!.build())),
    );
    for (const key of ["macs", "params", "kernels", "resolution"] as const) {
      assert.equal(Math.min(...all.map((e) => e[key])), target.validity[key][0]);
      assert.equal(Math.max(...all.map((e) => e[key])), target.validity[key][1]);
    }
    for (const one of all) assert.deepEqual(outside(one, target.validity).reasons, []);
  });
}
