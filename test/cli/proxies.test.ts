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
import { nasBench, noNasBench } from "../search/nasBench.js";
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
