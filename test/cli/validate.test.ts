import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { find } from "../../src/base/lookup.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { predict } from "../../src/latency/predict.js";
import { iphone13Npu } from "../../src/latency/targets/index.js";
import type { ZooEntry } from "../../src/space/zoo/entry.js";
import * as zoo from "../../src/space/zoo/index.js";
import { memoryIo } from "./io.js";

const root = mkdtempSync(join(tmpdir(), "nas-validate-"));
after(() => rmSync(root, { recursive: true }));
const file = join(root, "measured.csv");

async function validated(...argv: readonly string[]) {
  const { io, out, err } = memoryIo();
  const code = await exitCodeOf(["latency", "validate", "--target", "iphone13-npu", ...argv], io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const names = ["mobilenet_v2_x1_0", "rapidnet_ti", "mobilevig_s", "repvit_m1_0", "efficientnet_b1"] as const;

/** Measurements that are `times` what the target predicts. */
const measured = (times: number) =>
  [
    "name,ms",
    ...names.map((name) => `${name},${(times * predict(zoo[name].build(), iphone13Npu).ms).toFixed(6)}`),
  ].join("\n");

test("without a file the networks left out of the fit are reported, with worst cases", async () => {
  const { code, out } = await validated("--json");
  assert.equal(code, 0);
  const found = forms["latency-validate"].parse(JSON.parse(out));
  assert.equal(found.basis, "left out of the fit");
  assert.equal(found.worst.length, 5);
  assert.match((await validated()).out, /MAPE +\d+\.\d %\n.*within/s);
});

test("errors are told for conv-like networks and for all, and published latencies stand beside predictions", async () => {
  const { out } = await validated("--json");
  const { groups, published } = forms["latency-validate"].parse(JSON.parse(out));
  const [convLike, attention, all] = groups;
  assert.ok(convLike !== undefined && attention !== undefined && all !== undefined);
  assert.match(convLike.title, /^conv-like/);
  assert.equal(convLike.n + attention.n, all.n);
  assert.ok(convLike.rmsLog <= 0.1 && all.rmsLog <= 0.2, `${convLike.rmsLog} and ${all.rmsLog}`);
  assert.ok(Math.abs(all.rmsLog - iphone13Npu.error.networkOut.rmsLog) < 1e-8);
  const of = (network: string) => published.filter((p) => p.network === network).map((p) => p.publishedMs);
  assert.deepEqual(of("rapidnet_ti"), [0.9]);
  assert.deepEqual([...of("mobilevig_ti"), ...of("mobilevig_b")], [0.78, 2.3]);
  assert.deepEqual(of("mobilenet_v2_x1_0"), [0.81]);
  assert.deepEqual(of("mobilenet_v2_x1_4"), [1.02, 1]);
  for (const { network, predictedMs } of published) {
    assert.equal(predictedMs, predict(find<ZooEntry>(zoo, network)!.build(), iphone13Npu).ms);
  }
  assert.match((await validated()).out, /conv-like.*\n.*\n.*all of the protocol/);
});

test("a target may be named with the word for its protocol, and by no other", async () => {
  const { io, out } = memoryIo();
  assert.equal(await exitCodeOf(["target", "show", "iphone13-npu@iformer", "--json"], io), 0);
  assert.equal(JSON.parse(out.join("")).fullName, "iphone13-npu@iformer");
  const other = memoryIo();
  assert.equal(await exitCodeOf(["target", "show", "iphone13-npu@ios99"], other.io), 2);
});

test("measurements that agree end with 0, and such as are all twice the prediction with 7", async () => {
  writeFileSync(file, measured(1));
  const agreed = await validated("--csv", file, "--json");
  const found = forms["latency-validate"].parse(JSON.parse(agreed.out));
  assert.equal(agreed.code, 0);
  assert.ok(found.mape < 1e-5 && found.networks === names.length);
  writeFileSync(file, measured(2));
  const off = await validated("--csv", file, "--json");
  assert.equal(off.code, 7);
  const doubled = forms["latency-validate"].parse(JSON.parse(off.out));
  assert.ok(Math.abs(doubled.mape - 0.5) < 1e-5 && doubled.spearman === 1);
  assert.equal(doubled.interval.holds, false);
});

test("a file without its unit, with a time that is none, an unknown or a repeated network is refused by line", async () => {
  const cases: readonly (readonly [text: string, wrong: RegExp])[] = [
    ["name,latency\nrapidnet_ti,1", /line 1: the columns are "name,latency"/],
    ["name,ms", /line 1: no network follows/],
    ["name,ms\nrapidnet_ti,0", /line 2: ms is "0"/],
    ["name,ms\nrapidnet_ti,NaN", /line 2: ms is "NaN"/],
    ["name,ms\nrapidnet_ti,", /line 2: ms is ""/],
    ["name,ms\nrapidnet_ti,1\nno_such,1", /line 3: unknown network "no_such"/],
    ["name,ms\nrapidnet_ti,1\nrapidnet-ti,1", /line 3: the network is that of line 2/],
    ["name,ms\nrapidnet_ti", /line 2: "rapidnet_ti"/],
  ];
  for (const [text, wrong] of cases) {
    writeFileSync(file, text);
    const found = await validated("--csv", file);
    assert.match(found.err, wrong);
    assert.deepEqual([found.code, found.out], [5, ""], text);
  }
  assert.match((await validated("--csv", join(root, "absent.csv"))).err, /cannot read .*ENOENT/);
});

test("a target of which no whole network was timed is not validated without yours", async () => {
  const { io, err } = memoryIo();
  assert.equal(await exitCodeOf(["latency", "validate", "--target", "xeon-6130-mbconv"], io), 5);
  assert.match(err.join("\n"), /no whole network of xeon-6130-mbconv was timed/);
});
