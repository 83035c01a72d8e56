import assert from "node:assert/strict";
import { test } from "node:test";
import { contender } from "../../src/cli/commands/bench/contenders.js";
import { bestOfDraws, factsOf } from "../../src/search/benchmark.js";
import { nasbench201 } from "../../src/search/benchmarks/nasbench201.js";
import { compare, optimalFront, standing } from "../../src/search/compare.js";
import { nasBench, noNasBench } from "./nasBench.js";
import { check, groups, randomRows, title } from "./reference.js";

const seeds = 60;
const skip = { skip: noNasBench };

for (const row of randomRows) {
  test(
    `the exact expectation of random draws on ${row.dataset} is the published order statistic`,
    skip,
    () => {
      const { accuracies } = factsOf(nasbench201.open({ file: nasBench, dataset: row.dataset }));
      for (const [queries, [mean, std]] of Object.entries(row.found)) {
        const exact = bestOfDraws(accuracies, Number(queries));
        assert.equal((100 * exact.mean).toFixed(3), mean.toFixed(3));
        assert.equal((100 * exact.std).toFixed(3), std.toFixed(3));
      }
    },
  );

  test(`random search on ${row.dataset}, ${seeds} seeds, is that within 4 standard errors`, skip, () =>
    check([row], seeds, 0.001),
  );
}

for (const group of groups)
  test(`${title(group)}, ${seeds} seeds, find what the reference found`, skip, () =>
    check(group, seeds, 0.02),
  );

test("the best cells of the three data sets are those known", skip, () => {
  for (const [dataset, accuracy, testAccuracy, cell] of [
    [
      "cifar10",
      84.892,
      89.03,
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|",
    ],
    [
      "cifar100",
      61.32,
      61.04,
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|",
    ],
    [
      "imagenet16-120",
      38.667,
      38.27,
      "|nor_conv_3x3~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|",
    ],
  ] as const) {
    const { optimum, networks } = factsOf(nasbench201.open({ file: nasBench, dataset }));
    assert.equal(networks, 15_625);
    assert.equal(optimum.genome, cell);
    assert.equal((100 * optimum.accuracy).toFixed(2), accuracy.toFixed(2));
    assert.equal((100 * optimum.testAccuracy).toFixed(2), testAccuracy.toFixed(2));
  }
});

test("cells without a path have no latency, and the front is of cells that have one", skip, () => {
  const benchmark = nasbench201.open({ file: nasBench, device: "pixel3" });
  const without = [...benchmark.genomes()].filter((cell) => benchmark.evaluate(cell).latencyMs === undefined);
  assert.ok(without.length > 0 && without.length < 1000, `${without.length}`);
  const { front, hypervolume } = optimalFront(benchmark);
  for (const [i, point] of front.entries()) {
    assert.ok(point.latencyMs >= 0.05);
    if (i > 0)
      assert.ok(point.latencyMs > front[i - 1]!.latencyMs && point.accuracy > front[i - 1]!.accuracy);
  }
  assert.ok(hypervolume > 0.79 && hypervolume < 0.8, `${hypervolume}`);
});

test("nsga2 covers more of the front than random search with as many queries", skip, async () => {
  const { hypervolume } = optimalFront(nasbench201.open({ file: nasBench, device: "pixel3" }));
  const labels = ["nsga2", "random"];
  const queries = 200;
  const progress = await compare(
    {
      benchmark: { name: "nasbench201", options: { file: nasBench, device: "pixel3" } },
      metric: "hypervolume",
      contenders: labels.map((label) => contender(label, { queries: queries, size: 15_625n })),
      queries,
      firstSeed: 1,
      seeds: 20,
    },
    { workers: 2 },
  );
  const [nsga2, random] = progress.map((p, i) => standing(p, labels[i]!, queries, queries).mean);
  assert.ok(nsga2! > random! + 0.005 && nsga2! < hypervolume, `${nsga2}, ${random}, ${hypervolume}`);
});
