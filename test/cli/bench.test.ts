import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { parse } from "../../src/cli/command.js";
import { strategies } from "../../src/cli/commands/bench/strategies.js";
import { nasBench, noNasBench } from "../search/nasBench.js";
import { memoryIo } from "./io.js";

const folder = mkdtempSync(join(tmpdir(), "nas-bench-"));
after(() => rmSync(folder, { recursive: true }));

/** What `nas bench strategies` prints for these words. */
async function printed(...argv: readonly string[]): Promise<string> {
  const { io, out } = memoryIo(100);
  await strategies.run(parse(strategies, argv), io);
  return out.join("\n");
}

const document = async (...argv: readonly string[]) =>
  forms["bench-strategies"].parse(JSON.parse(await printed(...argv, "--json")));

test("bench strategies needs no files, and its JSON has a result for each strategy and budget", async () => {
  const found = await document("--strategies", "random,local", "--queries", "20,60", "--seeds", "30");
  assert.equal(found.unit, "percent");
  assert.deepEqual(
    found.results.map((r) => [r.strategy, r.queries, r.seeds]),
    [
      ["random", 20, 30],
      ["local", 20, 30],
      ["random", 60, 30],
      ["local", 60, 30],
    ],
  );
  const exact = found.random!.find((r) => r.queries === 60)!;
  const [random, local] = found.results.slice(2);
  assert.ok(Math.abs(random!.mean - exact.mean) < (4 * exact.std) / Math.sqrt(30));
  assert.ok("accuracy" in found.optimum);
  assert.ok(local!.mean > random!.mean && local!.mean <= found.optimum.accuracy);
  const test = found.tests[1]!;
  assert.deepEqual([test.a, test.b, test.queries], ["random", "local", 60]);
  assert.ok(test.difference < 0 && test.pHolm < 0.001);
});

test("the result is the same on any number of workers", async () => {
  const words = ["--strategies", "aging,reinforce", "--queries", "40", "--seeds", "60", "--json"];
  assert.equal(await printed(...words, "--workers", "1"), await printed(...words, "--workers", "3"));
});

test("what is asked ahead is asked without the answers: the best so far is known later", async () => {
  const words = ["--strategies", "local", "--queries", "60", "--seeds", "20"];
  const [one, many] = [await document(...words), await document(...words, "--ahead", "20")];
  assert.deepEqual([one.ahead, many.ahead], [1, 20]);
  assert.ok(many.results[0]!.mean < one.results[0]!.mean);
});

test("a strategy's options follow its name; what is wrong with them is said", async () => {
  const found = await document(
    "--strategies",
    "aging:population=5:tournament=2,aging",
    "--queries",
    "30",
    "--seeds",
    "2",
  );
  assert.deepEqual(found.results[0]!.options, { population: 5, tournament: 2 });
  assert.deepEqual(found.results[1]!.options, { population: 10, tournament: 2 });
  for (const [words, message] of [
    ["agin", /unknown strategy "agin"/],
    ["aging:populatoin=5", /no option "populatoin"/],
    ["aging:population", /has "population"/],
    ["aging:population=0", /population is 0/],
    ["grid", /has 65536 of them, more than 200/],
    ["random,random", /random twice/],
  ] as const)
    await assert.rejects(printed("--strategies", words), message);
  await assert.rejects(printed("--objective", "latency"), /--objective is "latency"/);
});

test("the CSV has every query of every strategy, the page its picture and tables", async () => {
  const [csv, html] = [join(folder, "curves.csv"), join(folder, "report.html")];
  const text = await printed(
    ...["--strategies", "random,nsga2", "--objective", "accuracy,latency", "--queries", "30"],
    ...["--seeds", "3", "--csv", csv, "--html", html],
  );
  const rows = readFileSync(csv, "utf8").trim().split("\n");
  assert.equal(rows[0], "strategy,queries,mean,std,seeds");
  assert.equal(rows.length, 61);
  const means = rows.slice(1, 31).map((row) => Number(row.split(",")[2]));
  assert.ok(
    means.every((mean, i) => i === 0 || mean >= means[i - 1]!),
    "the best so far never gets worse",
  );
  const page = readFileSync(html, "utf8");
  assert.equal(page.match(/<polyline/g)?.length, 2);
  assert.match(page, /p \(Holm\)/);
  assert.match(text, /Hypervolume found of error and latency, in percent of the reference box/);
  assert.match(text, /● random {2}○ nsga2/);
});

test("with latency as second objective the JSON has the optimal front and where hypervolume begins", async () => {
  const words = [
    "--strategies",
    "nsga2",
    "--objective",
    "accuracy,latency",
    "--queries",
    "40",
    "--seeds",
    "2",
  ];
  const { optimum, reference, results, random } = await document(...words);
  assert.ok("front" in optimum && optimum.front.length > 10);
  assert.ok(results[0]!.mean < optimum.hypervolume);
  assert.deepEqual([reference, random], [[0.9, 2.68], undefined]);
});

test("the example of the documentation runs on NAS-Bench-201", { skip: noNasBench }, async () => {
  const found = JSON.parse(
    await printed(
      ...["--benchmark", "nasbench201", "--file", nasBench, "--dataset", "cifar10"],
      ...["--strategies", "random,aging,local", "--queries", "200", "--seeds", "20", "--json"],
    ),
  );
  assert.equal(found.benchmark.networks, 15_625);
  assert.ok("accuracy" in found.optimum);
  assert.equal(found.optimum.accuracy.toFixed(2), "84.89");
  assert.equal(found.results.length, 3);
});
