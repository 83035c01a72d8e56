import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { limits, openPool, searched, standings } from "../../bench/supernet/small.js";
import { mean } from "../../src/base/stats.js";
import { openDataset } from "../../src/train/openDataset.js";

const data = "../shared/data/cifar-10";

test("what fbnet finds under a limit in the small space is among the best tenth of it, mean of two seeds", {
  skip: existsSync(data) ? false : `no ${data}`,
}, async () => {
  const dataset = await openDataset(data);
  const pool = openPool(dataset);
  try {
    const [limitMs] = limits.slice(1);
    const found = [];
    for (const seed of [1, 2]) {
      const [one] = await searched("fbnet", seed, [limitMs!], dataset, pool);
      found.push(standings(one!, limitMs!, seed).found);
    }
    assert.ok(mean(found) <= 0.1, `${found.map((share) => `${(100 * share).toFixed(1)} %`)} are better`);
  } finally {
    await pool.close();
  }
});
