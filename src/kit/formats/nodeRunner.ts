/** measure.mjs: times every model of a kit with onnxruntime-node and writes results.json. */
export const nodeRunner = String.raw`// Times every model of this kit with onnxruntime-node: node measure.mjs [runs].
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const { InferenceSession, Tensor } = createRequire(join(process.cwd(), "x.js"))("onnxruntime-node");
const kit = fileURLToPath(new URL(".", import.meta.url));
const manifest = JSON.parse(readFileSync(join(kit, "manifest.json"), "utf8"));
const runs = Number(process.argv[2] ?? 100);
const quantile = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))];

async function time({ file, inputs }) {
  const session = await InferenceSession.create(join(kit, file), { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    inputs.map((shape, i) => {
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 2 * Math.random() - 1);
      return [session.inputNames[i], new Tensor("float32", data, shape)];
    }),
  );
  for (let i = 0; i < Math.min(10, runs); i++) await session.run(feeds);
  const ms = [];
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    ms.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  await session.release();
  return ms.sort((a, b) => a - b);
}

const reference = manifest.models.find(({ kind }) => kind === "network") ?? manifest.models[0];
const referenceMs = async () => quantile(await time(reference), 0.5);
const atStart = await referenceMs();
let drift = 1;
const results = [];
for (const [i, model] of manifest.models.entries()) {
  if (i % 50 === 49) drift = (await referenceMs()) / atStart;
  try {
    const ms = await time(model);
    const spreadMs = quantile(ms, 0.75) - quantile(ms, 0.25);
    results.push({ id: model.id, count: ms.length, medianMs: quantile(ms, 0.5), spreadMs, drift });
  } catch (error) {
    results.push({ id: model.id, error: String(error) });
  }
  console.error(i + 1 + " of " + manifest.models.length + ", " + model.id);
}
const { kit: hash, target, runtime, dtype } = manifest;
const all = {
  format: "nas-latency-results",
  version: 1,
  unit: "ms",
  kit: hash,
  target,
  device: "computer",
  soc: cpus()[0]?.model.trim() || "not stated",
  os: type() + " " + release(),
  runtime,
  dtype,
  threads: 1,
  measuredAt: new Date().toISOString(),
  conditions: { node: process.version },
  results,
};
const file = join(kit, "results.json");
const { results: rows, ...head } = all;
const lines = rows.map((row) => "    " + JSON.stringify(row)).join(",\n");
writeFileSync(file + ".part", JSON.stringify(head, null, 2).slice(0, -2) + ',\n  "results": [\n' + lines + "\n  ]\n}\n");
renameSync(file + ".part", file);
console.log(file);
`;
