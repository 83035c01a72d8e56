/**
 * Where the networks that supernets derive stand among all 125 of a small space, each of which was
 * trained on its own (bench/supernet/table.json); random search at equal training cost beside it.
 *
 *     npm run bench -- supernet      CIFAR-10's binary files are expected in ../shared/data/cifar-10
 *
 * STRATEGIES=fbnet,spos and SEEDS=1,2 in the environment make it shorter. A seed's column of the table is a grid search:
 * nas search --target iphone13-npu --space bench/supernet/space.yaml --strategy grid --trials 125 --max-latency 10ms
 * --epochs 2 --images 9000 --batch 32 --engine wasm --data DIR --seed 1
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { kebab } from "../src/base/lookup.js";
import { mean } from "../src/base/stats.js";
import * as strategies from "../src/search/strategies/index.js";
import type { Strategy } from "../src/search/strategy.js";
import { onNewerNode } from "../src/train/newerNode.js";
import { openDataset } from "../src/train/openDataset.js";
import {
  derived,
  limits,
  openPool,
  type Searched,
  type Standings,
  searched,
  standings,
} from "./supernet/small.js";

if (await onNewerNode(fileURLToPath(import.meta.url))) process.exit();

const data = "../shared/data/cifar-10";
if (!existsSync(data)) {
  console.error(`No ${data}: nothing to train on.`);
  process.exit(0);
}
const all = Object.entries(strategies as unknown as Record<string, Strategy>)
  .filter(([, { supernet }]) => supernet !== undefined)
  .map(([name]) => kebab(name));
const names = process.env.STRATEGIES?.split(",") ?? all;
const seeds = process.env.SEEDS?.split(",").map(Number) ?? [1, 2, 3, 4, 5];

const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(7);
/** Of one strategy: by seed, by limit. */
const row = (name: string, found: readonly (readonly (Searched & Standings)[])[]): string => {
  const shares = (of: (one: Standings) => number) => {
    const each = limits.map((_, at) => mean(found.map((one) => of(one[at]!))));
    return [...each, mean(each)].map(percent).join("");
  };
  const of = (what: (one: Searched) => number) => mean(found.flat().map(what)).toFixed(0);
  return (
    `${name.padEnd(14)}${shares((s) => s.first)} |${shares((s) => s.found)} |${shares((s) => s.random)}` +
    `  ${of(({ trainings }) => trainings)} trainings, ${of(({ seconds }) => seconds)} s`
  );
};

const dataset = await openDataset(data);
const pool = openPool(dataset);
try {
  console.log(
    `Share of the networks within ${limits.map((ms) => ms.toFixed(3)).join(", ")} ms that are better, and the mean:\n` +
      `what the supernet puts first | the best of ${derived} derived, trained once | random search at equal cost`,
  );
  for (const name of names) {
    const found: (Searched & Standings)[][] = [];
    for (const seed of seeds) {
      const each = await searched(name, seed, limits, dataset, pool);
      found.push(each.map((one, at) => ({ ...one, ...standings(one, limits[at]!, seed) })));
      console.error(row(`${name} ${seed}`, found.slice(-1)));
    }
    console.log(row(name, found));
  }
} finally {
  await pool.close();
}
