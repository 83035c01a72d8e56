import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import type { UserError } from "../../src/base/errors.js";
import { stream } from "../../src/base/rng.js";
import { type Benchmark, bestOfDraws, factsOf } from "../../src/search/benchmark.js";
import * as benchmarks from "../../src/search/benchmarks/index.js";
import { cells, nasbench201 } from "../../src/search/benchmarks/nasbench201.js";
import { everyGenome } from "../../src/search/categorical.js";
import { optimalFront } from "../../src/search/compare.js";
import { nasBench, noNasBench } from "./nasBench.js";

const folder = mkdtempSync(join(tmpdir(), "nas-benchmark-"));
after(() => rmSync(folder, { recursive: true }));

const open: { readonly [name: string]: () => Benchmark } = {
  analytic: () => benchmarks.analytic.open({}),
  nasbench201: () => nasbench201.open({ file: nasBench, device: "pixel3" }),
};

for (const name of Object.keys(benchmarks)) {
  const skip = name === "nasbench201" ? { skip: noNasBench } : {};
  const opened = () => open[name]!();

  test(`${name}: it has as many genomes as its moves say, all different and answered`, skip, () => {
    const benchmark = opened();
    const genomes = new Set(benchmark.genomes());
    assert.equal(BigInt(genomes.size), benchmark.moves.size);
    for (const genome of genomes) {
      const { accuracy, latencyMs } = benchmark.evaluate(genome);
      assert.ok(accuracy >= 0 && accuracy <= 1);
      assert.ok(latencyMs === undefined || latencyMs > 0);
    }
  });

  test(`${name}: moves stay in the space; a mutation and a neighbour differ in one decision`, skip, () => {
    const benchmark = opened();
    const { moves } = benchmark;
    const different = (a: string, b: string) =>
      moves.decisions(a).filter(({ index }, i) => index !== moves.decisions(b)[i]!.index).length;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rng = stream(seed);
        const [a, b] = [moves.sample(rng), moves.sample(rng)];
        const child = moves.mutate(a, rng);
        assert.equal(different(a, child), 1);
        const around = moves.neighbours(a);
        assert.equal(
          around.length,
          moves.decisions(a).reduce((sum, { values }) => sum + values - 1, 0),
        );
        assert.equal(new Set(around).size, around.length);
        for (const genome of around) assert.equal(different(a, genome), 1);
        const mixed = moves.decisions(moves.crossover(a, b, rng));
        for (const [i, { index }] of mixed.entries())
          assert.ok([moves.decisions(a)[i]!.index, moves.decisions(b)[i]!.index].includes(index));
        const answers = moves.decisions(a).map(({ index }) => index);
        assert.equal(
          moves.compose(() => answers.shift()!),
          a,
        );
      }),
      { numRuns: 50 },
    );
  });

  test(`${name}: nothing is slower than the reference or above the optimal front`, skip, () => {
    const benchmark = opened();
    const { front, hypervolume } = optimalFront(benchmark);
    const [error, slowest] = benchmark.reference;
    assert.ok(hypervolume > 0 && hypervolume < 1);
    for (const genome of benchmark.genomes()) {
      const { accuracy, latencyMs } = benchmark.evaluate(genome);
      if (latencyMs === undefined) continue;
      assert.ok(latencyMs <= slowest);
      assert.ok(front.some((point) => point.latencyMs <= latencyMs && point.accuracy >= accuracy));
    }
    assert.ok(1 - front.at(-1)!.accuracy < error);
  });
}

test("on the analytic benchmark more epochs never hurt, and one epoch ranks only roughly", () => {
  const benchmark = benchmarks.analytic.open({});
  const genomes = Array.from({ length: 300 }, (_, i) => benchmark.moves.sample(stream(i)));
  let swapped = 0;
  for (const [i, genome] of genomes.entries()) {
    const curve = [1, 3, 9, 27, 81].map((epochs) => benchmark.evaluate(genome, epochs).accuracy);
    for (let k = 1; k < curve.length; k++) assert.ok(curve[k]! > curve[k - 1]!);
    const other = genomes[(i + 1) % genomes.length]!;
    const [a, b] = [benchmark.evaluate(genome, 1).accuracy, benchmark.evaluate(other, 1).accuracy];
    const [c, d] = [benchmark.evaluate(genome).accuracy, benchmark.evaluate(other).accuracy];
    if (a > b !== c > d) swapped++;
  }
  assert.ok(swapped > 60 && swapped < 140, `${swapped} of 300 pairs change places`);
});

test("the analytic benchmark has several local optima, so that climbing alone does not do", () => {
  const benchmark = benchmarks.analytic.open({});
  const accuracyOf = (genome: string) => benchmark.evaluate(genome).accuracy;
  const optima = [...benchmark.genomes()].filter((genome) =>
    benchmark.moves.neighbours(genome).every((other) => accuracyOf(other) < accuracyOf(genome)),
  );
  assert.ok(optima.length >= 3, `${optima.length}`);
  assert.ok(optima.includes(factsOf(benchmark).optimum.genome));
});

test("the best of n draws with replacement, worked out by hand", () => {
  const { mean, std } = bestOfDraws([0, 1], 2);
  assert.equal(mean, 0.75);
  assert.ok(Math.abs(std - Math.sqrt(0.1875)) < 1e-12);
});

test("node mutation takes a node first, so an edge into node 1 changes a third of the time", {
  skip: noNasBench,
}, () => {
  const { moves } = nasbench201.open({ file: nasBench, mutation: "node" });
  const from = cells.format([0, 0, 0, 0, 0, 0]);
  const changed = [0, 0, 0, 0, 0, 0];
  for (let seed = 0; seed < 3000; seed++)
    changed[cells.parse(moves.mutate(from, stream(seed))).findIndex((index) => index !== 0)]!++;
  for (const [edge, share] of [1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9].entries())
    assert.ok(Math.abs(changed[edge]! / 3000 - share) < 0.04, `edge ${edge}: ${changed[edge]}`);
});

const refused = (options: Parameters<typeof nasbench201.open>[0], code: number, words: RegExp) =>
  assert.throws(
    () => nasbench201.open(options),
    (error: UserError) => {
      assert.equal(error.exitCode, code);
      assert.match(`${error.message} ${error.whatToDo}`, words);
      return true;
    },
  );

test("a folder that is missing, or a table that lacks a column, a number or a cell, is refused with code 5", () => {
  refused({ file: join(folder, "nowhere") }, 5, /nasbench201\.csv cannot be read: ENOENT.*Give a folder/);
  const write = (lines: readonly string[]) =>
    writeFileSync(join(folder, "nasbench201.csv"), lines.join("\n"));
  const head = "arch,cellstr,cifar10-val,cifar10-test";
  const lines = [...everyGenome(cells)].map((cell, i) => `${i},${cell},50,51`);
  write(["arch,cellstr,cifar10-val", ...lines]);
  refused({ file: folder }, 5, /has no column "cifar10-test"/);
  write([head, ...lines.slice(1)]);
  refused({ file: folder }, 5, /has no row for \|none~0\|/);
  write([head, ...lines.slice(0, -1), "15624,x,fifty,51"]);
  refused({ file: folder }, 5, /line 15626 has no number/);
  write([head, ...lines]);
  assert.equal(nasbench201.open({ file: folder }).evaluate(lines[7]!.split(",")[1]!).accuracy, 0.5);
  refused({ file: folder, device: "pixel3" }, 5, /latency\.csv cannot be read/);
});

test("what a benchmark does not know is refused with what it knows", () => {
  refused({}, 2, /needs its tables.*--file/);
  refused({ file: folder, dataset: "cifar1" }, 2, /no data set "cifar1".*cifar10/);
  refused({ file: folder, mutation: "edges" }, 2, /no mutation "edges".*Did you mean edge/);
  assert.throws(() => benchmarks.analytic.open({ device: "pixel3" }), /takes no --device/);
});
