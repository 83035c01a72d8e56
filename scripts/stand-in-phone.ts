/**
 * In the place of a phone: time a kit's models here, in their ONNX form, and write what its runner would.
 *
 *     node dist/scripts/stand-in-phone.js --kit DIR [--space FILE] [--runs 20]
 *
 * A kit for Core ML gets results.json as its Swift program writes it, one for TFLite results.log as its
 * script keeps it. Of the phone nothing is imitated but the form of the results: the times are this computer's.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { exitCodes, UserError } from "../src/base/errors.js";
import { openNetwork } from "../src/cli/openNetwork.js";
import { foldNorms } from "../src/export/foldNorms.js";
import { inputNames } from "../src/export/inputNames.js";
import { sizeOf } from "../src/graph/weights.js";
import { onnx } from "../src/kit/formats/onnx.js";
import { networkOf } from "../src/kit/networkOf.js";
import { type KitModel, type Manifest, readManifest } from "../src/latency/kitFiles.js";
import { timingWeights } from "../src/measure/timingModel.js";
import { loadSpace } from "../src/space/load.js";
import type { Space } from "../src/space/space.js";
import { readText, runWith } from "./run.js";

/** One model's times in milliseconds, shortest first. */
async function timesOf({ kind, key }: KitModel, space: Space | undefined, runs: number): Promise<number[]> {
  const out = networkOf(kind, key, (name) => openNetwork(name, space).network);
  const folded = foldNorms(out, timingWeights(out));
  const session = await InferenceSession.create(onnx.model(folded.out, folded.weights, "timing").get("")!, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    [...inputNames(out)].map(([{ shape }, name]) => {
      const data = new Float32Array(sizeOf(shape)).fill(0.5);
      return [name, new Tensor("float32", data, [1, ...shape])];
    }),
  );
  const ms: number[] = [];
  for (let i = 0; i < runs + 5; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    if (i >= 5) ms.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  await session.release();
  return ms.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.floor(share * (sorted.length - 1))]!;

type Timed = readonly (readonly [id: string, ms: readonly number[]])[];

/** As Measure.swift writes results.json. */
const asSwift = (manifest: Manifest, timed: Timed): string =>
  JSON.stringify(
    {
      conditions: { "thermal state at the end": "nominal" },
      device: "stand-in",
      dtype: manifest.dtype,
      format: "nas-latency-results",
      kit: manifest.kit,
      measuredAt: new Date().toISOString().replace(/\.\d+Z/, "Z"),
      os: "stand-in for iOS",
      results: timed.map(([id, ms]) => ({
        count: ms.length,
        drift: 1,
        id,
        medianMs: quantile(ms, 0.5),
        spreadMs: quantile(ms, 0.75) - quantile(ms, 0.25),
      })),
      runtime: "onnxruntime in the place of Core ML",
      soc: "not stated",
      target: manifest.target,
      threads: null,
      unit: "ms",
      version: 1,
    },
    null,
    2,
  );

/** As measure.sh keeps what benchmark_model prints. */
function asLog(manifest: Manifest, timed: Timed): string {
  const us = (ms: number) => Number((1000 * ms).toFixed(1));
  const lines = timed.flatMap(([id, ms]) => {
    const mean = ms.reduce((sum, v) => sum + v, 0) / ms.length;
    const std = Math.sqrt(ms.reduce((sum, v) => sum + (v - mean) ** 2, 0) / ms.length);
    const of = [`min=${us(ms[0]!)}`, `max=${us(ms.at(-1)!)}`, `avg=${us(mean)}`, `std=${us(std)}`];
    return [
      `== ${id}`,
      "INFO: Running benchmark for at least 10 iterations and at least 0.5 seconds but terminate if exceeding 150 seconds.",
      "INFO: count=10 first=99999 curr=99999 min=99999 max=99999 avg=99999 std=0 p5=99999 median=99999 p95=99999",
      "",
      `INFO: count=${ms.length} first=${us(ms[0]!)} curr=${us(ms[0]!)} ${of.join(" ")} p5=${us(quantile(ms, 0.05))} median=${us(quantile(ms, 0.5))} p95=${us(quantile(ms, 0.95))}`,
      "",
    ];
  });
  return [
    "nas-latency-log 1",
    `kit ${manifest.kit}`,
    `target ${manifest.target}`,
    "device stand-in",
    "soc ",
    "os Android in name only",
    "runtime onnxruntime in the place of TensorFlow Lite",
    `dtype ${manifest.dtype}`,
    "threads 1",
    `measuredAt ${new Date().toISOString().replace(/\.\d+Z/, "Z")}`,
    ...lines,
    "== end",
    "",
  ].join("\n");
}

/** Write the results of a kit; returns their file. */
export async function standIn(kit: string, space: Space | undefined, runs: number): Promise<string> {
  const file = join(kit, "manifest.json");
  const manifest = readManifest(readText(file), file);
  const timed: (readonly [string, readonly number[]])[] = [];
  for (const model of manifest.models) timed.push([model.id, await timesOf(model, space, runs)]);
  const asLogFile = manifest.modelFormat === "tflite";
  const to = join(kit, asLogFile ? "results.log" : "results.json");
  writeFileSync(to, (asLogFile ? asLog : asSwift)(manifest, timed));
  return to;
}

runWith(import.meta.url, ["kit", "space", "runs"], ({ kit, space, runs }) => {
  if (kit === undefined) throw new UserError("no kit", "Give its folder: --kit DIR", exitCodes.usage);
  void standIn(kit, space === undefined ? undefined : loadSpace(space), Number(runs ?? 20)).then(console.log);
});
