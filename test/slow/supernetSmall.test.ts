import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { limits, openPool, searched, standings } from "../../bench/supernet/small.js";
import { mean } from "../../src/base/stats.js";
import { openDataset } from "../../src/train/openDataset.js";

const data = "../shared/data/cifar-10";
const percents = (shares: readonly number[]) => shares.map((share) => `${(100 * share).toFixed(1)} %`).join();

for (const strategy of ["fbnet", "proxyless"])
  test(`what ${strategy} puts first under a limit in the small space is among its best twentieth, what it finds among its best tenth, mean of two seeds`, {
    skip: existsSync(data) ? false : `no ${data}`,
  }, async () => {
    const dataset = await openDataset(data);
    const pool = openPool(dataset);
    try {
      const limitMs = limits[1]!;
      const stand = [];
      for (const seed of [1, 2]) {
        const [one] = await searched(strategy, seed, [limitMs], dataset, pool);
        stand.push(standings(one!, limitMs, seed));
      }
      const [first, found] = [stand.map((s) => s.first), stand.map((s) => s.found)];
      assert.ok(mean(first) <= 0.05, `put first: ${percents(first)} are better`);
      assert.ok(mean(found) <= 0.1, `found: ${percents(found)} are better`);
    } finally {
      await pool.close();
    }
  });
