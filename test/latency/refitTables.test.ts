import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { columns, fitTable, heldOutOf, samplesOf } from "../../scripts/fit-fbnet-tables.js";
import { fitTable as fitTfnas } from "../../scripts/fit-tfnas-table.js";
import { cost } from "../../src/graph/cost.js";
import { genomeOf } from "../../src/latency/blocks.js";
import type { BlockTarget } from "../../src/latency/target.js";
import { heldOut } from "../../src/latency/targets/fbnet.heldOut.js";
import * as targets from "../../src/latency/targets/index.js";
import { build, deployedForm } from "../../src/space/build.js";
import { parseGenome } from "../../src/space/candidate.js";
import { fbnet } from "../../src/space/spaces/index.js";

const file = "../shared/data/latency/fbnet_space.csv";
const missing = existsSync(file) ? false : `no ${file}`;

const { pixel3Cpu, xeon_gold_6240 } = targets;
const refitted = Object.entries<BlockTarget>({ pixel3Cpu, xeon_gold_6240 });

test("fitting the measurements again gives the shipped tables", { skip: missing }, () => {
  const samples = samplesOf(readFileSync(file, "utf8"));
  assert.deepEqual(heldOutOf(samples("pixel3_ms")), heldOut);
  for (const [name, shipped] of refitted) {
    const { table, error, interval, heldOutMs } = fitTable(samples(columns[name]!));
    const close = (got: number, want: number, what: string) =>
      assert.ok(Math.abs(got - want) <= 1e-6 * want + 1e-9, `${name} ${what}: ${got}, shipped as ${want}`);
    close(table.restMs, shipped.table.restMs, "rest");
    table.ms.forEach((row, layer) => {
      row.forEach((ms, operator) => {
        close(ms, shipped.table.ms[layer]![operator]!, `layer ${layer + 1}, operator ${operator}`);
      });
    });
    heldOutMs.forEach((ms, i) => {
      close(ms, shipped.heldOutMs[i]!, `left out ${i}`);
    });
    close(error.networkOut.mape, shipped.error.networkOut.mape, "error");
    close(error.baseline.mape, shipped.error.baseline.mape, "baseline");
    close(interval.halfWidth, shipped.interval.halfWidth, "interval");
  }
});

const names =
  "k5_e6 skip k3_e1_g2 skip k5_e1 skip skip skip k5_e6 k5_e1 k3_e1_g2 k5_e1 k5_e6 k3_e6 k3_e3 k5_e6 k3_e6 k3_e3 k5_e1 k3_e3 k5_e1 k5_e1_g2";
const numbers = "7 8 1 8 4 8 8 8 7 4 1 4 7 3 2 7 3 2 4 2 4 5";
const csv = (list: string, words: string, ms = "17.5") =>
  `op_idx_list,arch_str,pixel3_ms\n${list},${words},${ms}\n`;

test("a row is read with its operators and its network's cost", () => {
  const [sample, ...others] = samplesOf(csv(numbers, names))("pixel3_ms");
  assert.equal(others.length, 0);
  assert.equal(sample!.ms, 17.5);
  assert.deepEqual(sample!.operators, numbers.split(" ").map(Number));
  const genome = parseGenome(fbnet, genomeOf(sample!.operators, targets.pixel3Cpu.table));
  const { macs, params } = cost(build(fbnet, genome, deployedForm(fbnet)));
  assert.deepEqual([sample!.macs, sample!.params], [macs, params]);
});

test("numbers that are not what the row calls them, a missing layer and a time that is none are refused", () => {
  assert.throws(() => samplesOf(csv(numbers.replace("7", "6"), names)), /line 2: operators 6 8 1/);
  assert.throws(() => samplesOf(csv(numbers.slice(2), names.slice(6))), /line 2: operators/);
  assert.throws(() => samplesOf(csv(numbers, names, "0"))("pixel3_ms"), /line 2: pixel3_ms is "0"/);
  assert.throws(() => samplesOf(csv(numbers, names))("pixel4_ms"), /no column pixel4_ms/);
});

const blocks = "../shared/data/latency/tfnas_blocks_xeon6130.csv";

test("the blocks that TF-NAS timed give the shipped table", {
  skip: existsSync(blocks) ? false : `no ${blocks}`,
}, () => {
  const { table, error, interval } = fitTfnas(readFileSync(blocks, "utf8"));
  const shipped = targets.xeon_6130_mbconv;
  const rounded = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (_, v) => (typeof v === "number" ? Number(v.toPrecision(6)) : v));
  assert.deepEqual(
    rounded({ table, error, interval }),
    rounded({ table: shipped.table, error: shipped.error, interval: shipped.interval }),
  );
  // layer1: 112 pixels, 16 to 24 channels, stride 2, kernel 3, expansion 3: a row of the data
  assert.equal(Number(table.ms[1]![3]!.toFixed(3)), 3.324);
});
