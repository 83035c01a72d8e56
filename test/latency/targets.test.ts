import assert from "node:assert/strict";
import { test } from "node:test";
import { hubNetwork } from "../../scripts/qualcommSamples.js";
import { find, kebab } from "../../src/base/lookup.js";
import { stream } from "../../src/base/rng.js";
import { kernels } from "../../src/graph/fuse.js";
import type { Node } from "../../src/graph/node.js";
import { blocksMs, genomeOf, operatorsOf } from "../../src/latency/blocks.js";
import { extent, outside } from "../../src/latency/coverage.js";
import { predict } from "../../src/latency/predict.js";
import type { ErrorSummary, KernelTarget, Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";
import { formatGenome, parseGenome } from "../../src/space/candidate.js";
import { sample } from "../../src/space/moves.js";
import type { Space } from "../../src/space/space.js";
import * as spaces from "../../src/space/spaces/index.js";
import type { ZooEntry } from "../../src/space/zoo/entry.js";
import * as zoo from "../../src/space/zoo/index.js";

/** The network that a fitted row names: one of the zoo, or one that is there to be timed. */
const networkOf = (name: string): Node => find<ZooEntry>(zoo, name)?.build() ?? hubNetwork(name);

const logs = (target: KernelTarget, of: "fittedMs" | "heldOutMs") =>
  target.rows.map((row) => ({ row, error: Math.log(row[of] / row.ms) }));
const isProtocol = (target: KernelTarget) => (source: string) => target.offsets[source] === undefined;

const all = Object.entries<Target>(targets);
const modelled = all.flatMap(([name, target]) =>
  target.kind === "kernels" ? [[name, target] as const] : [],
);
const tabled = all.flatMap(([name, target]) => (target.kind === "blocks" ? [[name, target] as const] : []));

for (const [name, target] of all) {
  const typed = kebab(name);

  test(`${typed} says what it stands for and where its numbers come from`, () => {
    for (const key of ["title", "device", "soc", "os", "runtime", "dtype", "protocol", "source"] as const)
      assert.ok(target[key].length > 2, key);
  });

  test(`${typed} predicts networks it has not seen better than a plain fit on MACs and params`, () => {
    assert.ok(target.error.networkOut.rmsLog < target.error.baseline.rmsLog);
  });
}

for (const [name, target] of modelled) {
  const typed = kebab(name);
  const protocol = isProtocol(target);

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

  test(`${typed} predicts of networks today what it was fitted to; else run npm run fit:latency`, () => {
    for (const { network, source, fittedMs } of target.rows) {
      const out = networkOf(network);
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
    const fitted = [...new Set(target.rows.map((row) => row.network))].map((n) =>
      extent(kernels(networkOf(n))),
    );
    for (const key of ["macs", "params", "kernels", "resolution"] as const) {
      assert.equal(Math.min(...fitted.map((e) => e[key])), target.validity[key][0]);
      assert.equal(Math.max(...fitted.map((e) => e[key])), target.validity[key][1]);
    }
    for (const one of fitted) assert.deepEqual(outside(one, target.validity).ways, []);
  });
}

for (const [name, target] of tabled) {
  const typed = kebab(name);
  const { table, heldOut, heldOutMs, error, interval } = target;

  test(`${typed} has every operator of every layer of its space, dearer for a larger kernel or expansion`, () => {
    const space = find<Space>(spaces, table.space)!;
    assert.equal(table.ms.length, space.stages.length);
    for (const row of table.ms) {
      assert.equal(row.length, table.operators.length);
      for (const ms of row) assert.ok(ms >= 0 && Number.isFinite(ms));
    }
    const some = sample(space, stream(0, "targets", typed));
    const genomes = [
      formatGenome(space, some),
      ...heldOut.slice(0, 2).map((numbers) => genomeOf([...numbers].map(Number), table)),
    ];
    for (const genome of genomes) {
      assert.equal(formatGenome(space, parseGenome(space, genome)), genome);
      assert.ok(blocksMs(operatorsOf(genome, table), table) >= table.restMs);
    }
    const total = (operator: string) =>
      table.ms.reduce((sum, row) => sum + row[table.operators.indexOf(operator)]!, 0);
    const [small, larger] = [3, 5].map((kernel) =>
      [1, 3, 6].map((expand) => {
        const name = `inverted-residual,kernel=${kernel},expand=${expand}`;
        return total(table.operators.find((o) => o === name || o === `${name},groups=1`)!);
      }),
    ) as [number[], number[]];
    assert.ok(small[1]! < small[2]!, "expand");
    assert.ok(small.every((ms, i) => ms < larger[i]!) || typed === "rtx-2080ti", "kernel");
    assert.equal(total("skip"), 0);
  });

  if (heldOut.length === 0) {
    test(`${typed}, of which no whole network was timed, says so`, () => {
      assert.match(target.protocol, /no whole network was timed/);
    });
    continue;
  }

  test(`${typed} is off on networks left out by what it states, and within its interval for as many`, () => {
    assert.equal(heldOut.length, heldOutMs.length);
    const logs = heldOut.map((numbers, i) =>
      Math.log(blocksMs([...numbers].map(Number), table) / heldOutMs[i]!),
    );
    const rms = Math.sqrt(logs.reduce((sum, e) => sum + e * e, 0) / logs.length);
    assert.equal(logs.length, error.networkOut.n);
    assert.ok(Math.abs(rms - error.networkOut.rmsLog) < 1e-8, `${rms}`);
    const within = logs.filter((e) => Math.abs(e) <= interval.halfWidth + 1e-8);
    assert.ok(within.length >= interval.level * logs.length, `${within.length}`);
  });
}

test("pixel3-cpu and raspberrypi4-cpu reproduce networks left out to 0.0 %", () => {
  for (const { error } of [targets.pixel3Cpu, targets.raspberrypi4Cpu])
    assert.ok(error.networkOut.mape < 1e-9);
});

test("rtx-2080ti and xeon-gold-6240 reproduce networks left out within what a fit on 1,000 networks leaves", () => {
  assert.ok(targets.rtx_2080ti.error.networkOut.mape <= 0.02);
  assert.ok(targets.xeon_gold_6240.error.networkOut.mape <= 0.036);
});
