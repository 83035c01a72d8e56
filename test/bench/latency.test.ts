import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const bench = fileURLToPath(new URL("../../bench/latency.bench.js", import.meta.url));

const form = z.strictObject({
  schemaVersion: z.literal(1),
  candidates: z.literal(300),
  breeding: z.strictObject({ population: z.int().positive(), generations: z.int().positive() }),
  results: z.array(
    z.strictObject({
      space: z.string(),
      candidatesPerSecond: z.int().positive(),
      slowestMs: z.number().positive(),
      budgetSeconds: z.number().positive(),
    }),
  ),
});

test("bench:latency prints candidates a second of each space, and how long a budget takes, as JSON", () => {
  const out = execFileSync(process.execPath, [bench, "--json", "--candidates", "300"]).toString();
  const { results } = form.parse(JSON.parse(out));
  assert.deepEqual(results.map(({ space }) => space).sort(), ["fbnet", "mnasnet", "rapidnet"]);
});
