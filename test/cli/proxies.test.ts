import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { exitCodes, UserError } from "../../src/base/errors.js";
import { parse } from "../../src/cli/command.js";
import { correlate } from "../../src/cli/commands/proxies/correlate.js";
import { proxyFile } from "../../src/search/proxiesTable.js";
import { formatGenome } from "../../src/space/candidate.js";
import { genomeAt, sizeOfSpace } from "../../src/space/moves.js";
import { createRun } from "../../src/store/run.js";
import { openDataset } from "../../src/train/openDataset.js";
import { proxyNames } from "../../src/train/proxyNames.js";
import { record, tiny } from "../export/tinyRun.js";
import { nasBench, noNasBench } from "../search/nasBench.js";
import { scored } from "../search/trials.js";
import { memoryIo } from "./io.js";

const folder = mkdtempSync(join(tmpdir(), "nas-proxies-"));
after(() => rmSync(folder, { recursive: true }));

async function printed(...argv: readonly string[]): Promise<string> {
  const { io, out } = memoryIo(100);
  await correlate.run(parse(correlate, argv), io);
  return out.join("\n");
}

const write = (...lines: readonly string[]) =>
  writeFileSync(join(folder, proxyFile), `${lines.join("\n")}\n`);

test("the correlations on 725 networks of NAS-Bench-201 are the published scores' own", {
  skip: noNasBench,
}, async () => {
  const found = forms["proxies-correlate"].parse(JSON.parse(await printed("--file", nasBench, "--json")));
  assert.equal(found.networks, 725);
  const expected = {
    macs: 0.711,
    params: 0.738,
    synflow: 0.736,
    naswot: 0.786,
    jacob_cov: 0.766,
    grad_norm: 0.606,
    snip: 0.608,
    grasp: 0.539,
    fisher: 0.509,
    l2_norm: 0.725,
    epe_nas: 0.667,
    plain: -0.257,
  };
  assert.equal(found.results.length, Object.keys(expected).length);
  for (const { proxy, spearman } of found.results)
    assert.ok(
      Math.abs(spearman! - expected[proxy as keyof typeof expected]) <= 1e-3,
      `${proxy}: ${spearman}`,
    );
});

test("a proxy that ranks no better than counting says so, the best comes first", async () => {
  write("cifar10_val_200ep,c10_params,c10_good,c10_bad", "70,1,1,3", "80,3,2,2", "90,2,3,1");
  const { results } = forms["proxies-correlate"].parse(JSON.parse(await printed("--file", folder, "--json")));
  assert.deepEqual(
    results.map((r) => [
      r.proxy,
      r.isBaseline,
      Number(r.spearman!.toFixed(9)),
      Number(r.kendall!.toFixed(9)),
    ]),
    [
      ["good", false, 1, 1],
      ["params", true, 0.5, Number((1 / 3).toFixed(9))],
      ["bad", false, -1, -1],
    ],
  );
  const lines = (await printed("--file", folder)).split("\n");
  assert.match(lines.find((l) => l.startsWith("bad"))!, /no better than a baseline/);
  assert.doesNotMatch(lines.find((l) => l.startsWith("good"))!, /baseline/);
});

test("a network without a finite score is left out for that proxy only, and the count says so", async () => {
  write("cifar10_val_200ep,c10_params,c10_nwot", "70,1,-inf", "75,2,5", "80,3,", "85,4,4", "90,5,6");
  const { results } = forms["proxies-correlate"].parse(JSON.parse(await printed("--file", folder, "--json")));
  assert.deepEqual(
    results.map((r) => [r.proxy, r.networks, Number(r.spearman!.toFixed(9))]),
    [
      ["params", 5, 1],
      ["naswot", 3, 0.5],
    ],
  );
});

test("a table with a wrong number, without accuracies or not there is refused by line and column", async () => {
  const refused = (what: RegExp) => (error: unknown) =>
    error instanceof UserError && error.exitCode === exitCodes.data && what.test(error.message);
  write("cifar10_val_200ep,c10_params", "70,1", "80,x");
  await assert.rejects(printed("--file", folder), refused(/line 3 has no number under "c10_params"/));
  write("accuracy,c10_params", "70,1", "80,2");
  await assert.rejects(printed("--file", folder), refused(/no column "cifar10_val_200ep"/));
  await assert.rejects(printed("--file", join(folder, "none")), refused(/cannot be read: ENOENT/));
  await assert.rejects(printed(), /needs its tables/);
});

/** A run of the tiny space with these accuracies, on the synthetic data set. */
async function runOf(name: string, accuracies: readonly number[], hash?: string): Promise<string> {
  const dataset = await openDataset(undefined);
  const { meaning } = record.settings;
  const data = { name: dataset.name, hash: hash ?? dataset.hash };
  const settings = { ...record.settings, meaning: { ...meaning, engine: "wasm", data } };
  const dir = join(folder, name);
  const run = await createRun(dir, { ...record, settings });
  const step = sizeOfSpace(tiny) / BigInt(accuracies.length);
  for (const [number, accuracy] of accuracies.entries()) {
    const genome = formatGenome(tiny, genomeAt(tiny, BigInt(number) * step));
    await run.append(scored({ number, genome, accuracy }));
  }
  await run.close();
  return dir;
}

test("a run's trained networks are scored by every proxy, the baselines beside them, whatever the workers", async () => {
  const dir = await runOf("run", [0.3, 0.5, 0.4, 0.6, 0.55]);
  const [one, two] = await Promise.all(
    ["1", "2"].map(async (workers) =>
      forms["proxies-correlate"].parse(JSON.parse(await printed(dir, "--json", "--workers", workers))),
    ),
  );
  assert.deepEqual([one!.run, one!.benchmark, one!.networks, one!.epochs], ["tiny-run", null, 5, 3]);
  assert.deepEqual(one!.results.map(({ proxy }) => proxy).sort(), [...proxyNames].sort());
  for (const { spearman, isBaseline, proxy, seconds } of one!.results) {
    assert.ok(spearman !== null && seconds! > 0, proxy);
    assert.equal(isBaseline, proxy === "params" || proxy === "macs");
  }
  const timeless = ({ results }: typeof one & object) => results.map(({ seconds: _, ...row }) => row);
  assert.deepEqual(timeless(two!), timeless(one!));
  assert.match(await printed(dir), /^Run tiny-run, 5 networks, .* after 3 epochs of 4000 images\nproxy /);
});

test("a run with other data, with too few networks, or beside --file is refused in words", async () => {
  await assert.rejects(
    runOf("moved", [0.3, 0.4, 0.5], "0123456789abcdef").then((dir) => printed(dir)),
    /made with data.hash: "0123456789abcdef", not/,
  );
  await assert.rejects(
    runOf("few", [0.3, 0.4]).then((dir) => printed(dir)),
    /has trained 2 different networks/,
  );
  await assert.rejects(printed("some-run", "--file", folder), /a run and --file are both given/);
});
