import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { names } from "../../src/base/lookup.js";
import { foldNorms } from "../../src/export/foldNorms.js";
import { kernels } from "../../src/graph/fuse.js";
import { input, type Node } from "../../src/graph/node.js";
import { signature } from "../../src/graph/signature.js";
import { onnx } from "../../src/kit/formats/onnx.js";
import type { Importer } from "../../src/latency/importers/importer.js";
import * as importers from "../../src/latency/importers/index.js";
import { kitHash } from "../../src/latency/kitFiles.js";
import { blockKey, blocksOf } from "../../src/latency/piece.js";
import { timingWeights } from "../../src/measure/timingModel.js";

const root = mkdtempSync(join(tmpdir(), "nas-importers-"));
after(() => rmSync(root, { recursive: true }));

const stem = input([3, 64, 64]).conv(16, { kernel: 3, stride: 2 }).norm().act("relu").as("stem");
const deep = stem.depthwise({ kernel: 3 }).norm().act("relu").conv(16).norm().add(stem).as("stage1.0");
const network = deep.globalPool().conv(10, { bias: true }).as("head");
const known = { key: "a network", out: network };
const keys = (out: Node) => new Set(kernels(out).map(signature));

/** What onnxruntime writes of a network that it runs a few times. */
async function profileOf(out: Node): Promise<string> {
  const { out: folded, weights } = foldNorms(out, timingWeights(out));
  const session = await InferenceSession.create(onnx.model(folded, weights, "a network").get("")!, {
    enableProfiling: true,
    profileFilePrefix: join(root, "profile"),
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const image = new Tensor("float32", new Float32Array(3 * 64 * 64).fill(0.5), [1, 3, 64, 64]);
  for (let i = 0; i < 5; i++) await session.run({ input: image });
  session.endProfiling();
  await session.release();
  return readFileSync(join(root, readdirSync(root).find((name) => name.startsWith("profile"))!), "utf8");
}

const profile = await profileOf(network);

const examples: { readonly [K in keyof typeof importers]: string } = {
  results: '{\n  "format": "nas-latency-results", "version": 1\n}',
  resultsLog: "nas-latency-log 1\nkit 0\n",
  onnxruntime: profile,
  tfliteProfile: [
    "Number of nodes executed: 4",
    "============================== Run Order ==============================",
    "node type, first, avg_ms, %, cdf%, mem KB, times called, name",
    "CONV_2D, 0.030, 0.020, 40%, 40%, 0, 1, [stem/act0/CONV_2D]:0",
    "DEPTHWISE_CONV_2D, 0.010, 0.008, 16%, 56%, 0, 1, [stage1.0/act0/DEPTHWISE_CONV_2D]:1",
    "CONV_2D, 0.010, 0.006, 12%, 68%, 0, 1, [stage1.0/conv1/CONV_2D]:2",
    "ADD, 0.010, 0.002, 4%, 72%, 0, 1, [stage1.0/add0/ADD]:3",
    "MEAN, 0.010, 0.004, 8%, 80%, 0, 1, [head/globalPool0/MEAN]:4",
    "CONV_2D, 0.010, 0.010, 20%, 100%, 0, 1, [output]:5",
    "",
    "============================== Top by Computation Time ==============================",
    "node type, first, avg_ms, %, cdf%, mem KB, times called, name",
    "CONV_2D, 9, 9, 40%, 40%, 0, 1, [stem/act0/CONV_2D]:0",
    "",
  ].join("\n"),
  aiHub: `precisions:
  float:
    components:
      MobileNet-v2:
        performance_metrics:
          Samsung Galaxy S24:
            tflite:
              inference_time_milliseconds: 0.556
              primary_compute_unit: NPU
            qnn_dlc:
              inference_time_milliseconds: 0.565
              primary_compute_unit: NPU
`,
  paddle: [
    "dev_info           core_num thread_num\tpower_mode\tcore0 arch",
    "Hisilicon Kirin980    8       1         \t0         ARM_A55",
    "",
    "op_name   \tinput_dims\t   output_dims\t   param_info     min_latency(ms)\t  max_latency(ms)\t avg_latency(ms)",
    "conv      \t[1 96 112 112]\t[1 48 112 112]\t(ch_out=48, stride=1, pad=0, kernel=1x1, group=1, dilation=1, flag_bias=0, flag_act=2, dtype=float) \t3.469     \t4.111     \t3.52088   ",
    "conv      \t[1 96 112 112]\t[1 48 114 114]\t(ch_out=48, stride=1, pad=1, kernel=1x1, group=1, dilation=1, flag_bias=0, flag_act=0, dtype=float) \t3.469     \t4.111     \t3.5   ",
    "fc        \t[1 64]   \t[64 1000] \t(param_dim=64x1000, flag_bias=1, dtype=float)  0.135     \t0.176     \t0.13779   ",
    "pooling   \t[1 8 64 64]\t[1 8 32 32]\t(stride=2, pad=0, kernel=2x2, ceil_mode=0, flag_global=0, exclusive=0, pooling_type=avg, dtype=float) \t0.009     \t0.011     \t0.00983   ",
    "activation\t[1 8 64 64]\t[1 8 64 64]\t(act_type=leaky_relu, dtype=float)                   0.01      \t0.036     \t0.01103",
    "",
  ].join("\n"),
  proxyless: `expanded_conv-input:112x112x16-output:56x56x24-expand:3-kernel:5-stride:2-idskip:0:
  count: 50
  mean: 1.25
Conv-input:224x224x3-output:112x112x32: { mean: 2.5, count: 50 }
Logits-input:7x7x1280-output:1000: { mean: 0.5, count: 50 }
`,
};

const all: { readonly [K in keyof typeof importers]: Importer } = { ...importers };

const read = (name: keyof typeof importers, text: string, more: object = {}) =>
  all[name].read({ text, where: "a file", said: {}, network: known, ...more });

const refused = (name: keyof typeof importers, text: string, message: RegExp, more: object = {}) =>
  assert.throws(() => read(name, text, more), { name: "UserError", exitCode: 2, message });

test("each kind of file is told from all others", () => {
  assert.deepEqual(Object.keys(examples).sort(), Object.keys(importers).sort());
  assert.ok(names(importers).includes("tflite-profile"));
  for (const [name, text] of Object.entries(examples))
    assert.deepEqual(
      Object.entries(all).flatMap(([other, { detect }]) => (detect(text) ? [other] : [])),
      [name],
    );
});

test("a profile by onnxruntime becomes the network's kernels, each with all that ran of it, and the network", () => {
  const { rows, about } = read("onnxruntime", profile);
  const found = rows.filter(({ kind }) => kind === "kernel");
  assert.deepEqual(new Set(found.map(({ key }) => key)), keys(network));
  for (const { medianMs, count } of found) assert.ok(medianMs > 0 && medianMs < 100 && count === 5);
  const whole = rows.find(({ kind }) => kind === "network")!;
  assert.equal(whole.key, "a network");
  const sum = found.reduce((total, { medianMs }) => total + medianMs, 0);
  assert.ok(sum > 0.2 * whole.medianMs && sum < 1.5 * whole.medianMs, `${sum} of ${whole.medianMs}`);
  assert.equal(about.dtype, "float32");
  refused("onnxruntime", profile, /profile of a network and does not say of which/, { network: undefined });
  refused("onnxruntime", profile.slice(0, -50), /not JSON/);
  refused("onnxruntime", profile, /nothing that ran is of the network/, {
    network: { key: "other", out: input([3, 8, 8]).conv(4).as("elsewhere") },
  });
});

test("a TFLite profile is read in run order, once, and its operators add up to our kernels", () => {
  const { rows, notes } = read("tfliteProfile", examples.tfliteProfile);
  const msOf = (part: string) => rows.find(({ key }) => key.startsWith(part))!.medianMs;
  assert.equal(msOf("conv(out=16,kernel=3,stride=2"), 0.02);
  assert.ok(Math.abs(msOf("conv(out=16,kernel=1") - 0.008) < 1e-12); // the convolution and its sum
  assert.equal(msOf("globalPool"), 0.004);
  assert.equal(msOf("conv(out=10"), 0.01);
  assert.deepEqual(notes, []);
  refused("tfliteProfile", examples.tfliteProfile.replace("0.008", "NaN"), /line 5: avg_ms is "NaN"/);
  refused("tfliteProfile", examples.tfliteProfile.replace(/8, 16%.*/s, ""), /line 5: avg_ms/);
  refused(
    "tfliteProfile",
    examples.tfliteProfile.replace("\nCONV_2D", "\nTfLiteXNNPackDelegate"),
    /line 4: TfLiteXNNPackDelegate ran operators/,
  );
});

test("perf.yaml gives the network's time on the device, runtime and number type asked for", () => {
  const said = { device: "Samsung Galaxy S24" };
  const { rows, about } = read("aiHub", examples.aiHub, { said });
  assert.deepEqual([rows[0]!.key, rows[0]!.medianMs, about.runtime], ["a network", 0.565, "Qualcomm QNN"]);
  assert.equal(
    read("aiHub", examples.aiHub, { said: { ...said, runtime: "tflite" } }).rows[0]!.medianMs,
    0.556,
  );
  refused("aiHub", examples.aiHub, /has no device Galaxy Z/, { said: { device: "Galaxy Z" } });
  refused("aiHub", examples.aiHub, /has no dtype w8a8/, { said: { ...said, dtype: "w8a8" } });
  refused("aiHub", examples.aiHub.replace("0.565", "-0.565"), /inference_time_milliseconds is -0.565/, {
    said,
  });
  refused(
    "aiHub",
    examples.aiHub.replaceAll("_milliseconds", "_us"),
    /inference_time_milliseconds is missing/,
    { said },
  );
});

test("a look-up table of Paddle-Lite becomes kernels of ours; what is none is named", () => {
  const { rows, notes, about } = read("paddle", examples.paddle);
  assert.deepEqual(
    rows.map(({ key, medianMs }) => [key.replace(/\(.*\)/, ""), medianMs]),
    [["conv", 3.52088].map((v) => v), ["conv64x1x1>1000x1x1", 0.13779], ["avgPool8x64x64>8x32x32", 0.00983]],
  );
  assert.equal(
    rows[0]!.key,
    "conv(out=48,kernel=1,stride=1,dilation=1,groups=1,bias=false)96x112x112>48x112x112+act(fn=relu6)",
  );
  assert.deepEqual(notes, [
    "left out a file, line 6: padding 1 is not one of ours",
    "left out a file, line 9: activation leaky_relu is not one of ours",
  ]);
  assert.deepEqual([about.device, about.threads], ["Hisilicon Kirin980", 1]);
  refused(
    "paddle",
    examples.paddle.replace("avg_latency(ms)", "avg_latency"),
    /line 4: the last column is avg_latency/,
  );
  refused("paddle", examples.paddle.replace("3.52088", "0"), /line 5: avg_latency is "0"/);
  refused("paddle", examples.paddle.replace("3.52088", ""), /line 5: cannot read/);
  const twice = examples.paddle.split("\n").toSpliced(5, 1, examples.paddle.split("\n")[4]!).join("\n");
  refused("paddle", twice, /line 6: .* is there twice/);
});

test("a table of ProxylessNAS becomes blocks and convolutions with the keys our networks have", () => {
  const { rows, notes } = read("proxyless", examples.proxyless);
  const x = input([16, 112, 112]);
  const wide = x.conv(48).norm().act("relu6").depthwise({ kernel: 5, stride: 2 }).norm().act("relu6");
  const first = input([3, 224, 224]).conv(32, { kernel: 3, stride: 2 }).norm().act("relu6");
  assert.deepEqual(
    rows.map(({ kind, key, medianMs, count }) => [kind, key, medianMs, count]),
    [
      ["block", blockKey(blocksOf(wide.conv(24).norm().as("block"))[0]!), 1.25, 50],
      ["kernel", signature(kernels(first)[0]!), 2.5, 50],
    ],
  );
  assert.equal(notes.length, 1);
  refused("proxyless", examples.proxyless.replace("1.25", "0"), /line 1: .*mean is 0/);
  refused("proxyless", examples.proxyless.replace("mean: 1.25", "mean: .nan"), /mean is/);
  refused("proxyless", examples.proxyless + examples.proxyless, /unique/i);
});

test("what onnxruntime_perf_test and an older benchmark_model print is read, less the time of a call", () => {
  const models = ["call", "kernel", "kernel", "kernel"].map((kind, i) => ({
    id: `k${i}`,
    kind: kind as "call" | "kernel",
    key: i === 0 ? "call" : `globalPool${i}x4x4>${i}x1x1`,
    file: `models/k${i}.onnx`,
    inputs: [[1, 1, 4, 4]],
  }));
  const rest = {
    format: "nas-latency-kit" as const,
    version: 1 as const,
    target: "mine",
    modelFormat: "onnx",
    runtime: "onnxruntime, CPU",
    dtype: "float32",
    protocol: "a kit",
    space: "tiny",
    contents: "0".repeat(16),
    models,
  };
  const manifest = { ...rest, kit: kitHash(rest) };
  const log = [
    "nas-latency-log 1",
    `kit ${manifest.kit}`,
    ...["target mine", "device Pixel 8", "soc Tensor G3", "os Android 15", "runtime onnxruntime, CPU"],
    ...["dtype float32", "threads 1", "measuredAt 2026-01-02T03:04:05Z"],
    "== k0",
    "Session creation time cost: 0.01 s",
    "Total inference requests: 100",
    "P50 Latency: 0.0001 s",
    "P90 Latency: 0.0002 s",
    "== k1",
    "P50 Latency: 0.0021 s",
    "== k2",
    "count=50 first=9 curr=9 min=9 max=9 avg=1100 std=20",
    "== k3",
    "Illegal instruction",
    "failed",
    "== end",
    "",
  ].join("\r\n");
  const { rows, notes, about } = read("resultsLog", log, { manifest });
  assert.deepEqual(
    rows.map(({ key, medianMs, count }) => [key, medianMs, count]),
    [
      ["globalPool1x4x4>1x1x1", 2, 1],
      ["globalPool2x4x4>2x1x1", 1, 50],
    ],
  );
  assert.deepEqual(notes, ["left out k3: Illegal instruction"]);
  assert.deepEqual([about.device, about.soc, about.threads], ["Pixel 8", "Tensor G3", 1]);
  refused("resultsLog", log, /needs its manifest/);
  refused("resultsLog", log.replace("device Pixel 8", "device"), /no device before the first model/, {
    manifest,
  });
  refused("resultsLog", log.replace("P50 Latency: 0.0021 s", "P50 Latency: 0 s"), /line 16: P50 latency/, {
    manifest,
  });
});
