import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Answer, Job, Visit } from "./job.js";
import { pieceTimes } from "./profile.js";
import { isKnown, visitOf } from "./runs.js";

const warmUp = 3;
const limits = {
  piece: { fewest: 12, most: 60, ms: 80 },
  call: { fewest: 15, most: 100, ms: 500 },
} as const;

/** Times one model; its own process, so that nothing else of nas runs beside it. */
async function time({ model, shape, what, threads }: Job): Promise<Visit> {
  const folder = mkdtempSync(join(tmpdir(), "nas-profile-"));
  try {
    const session = await InferenceSession.create(model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      logSeverityLevel: 3,
      ...(what === "piece" && { enableProfiling: true, profileFilePrefix: join(folder, "run") }),
    });
    const size = shape.reduce((product, n) => product * n, 1);
    const image = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const feed = { [session.inputNames[0]!]: new Tensor("float32", image, shape) };
    for (let i = 0; i < warmUp; i++) await session.run(feed);
    const { fewest, most, ms } = limits[what];
    const times: number[] = [];
    const started = performance.now();
    for (;;) {
      const before = performance.now();
      await session.run(feed);
      const now = performance.now();
      times.push(now - before);
      if (times.length < fewest) continue;
      if (times.length >= most || now - started > ms || (times.length % 5 === 0 && isKnown(times))) break;
    }
    if (what === "piece") session.endProfiling();
    await session.release();
    if (what === "call") return visitOf(times);
    const [profile] = readdirSync(folder);
    return visitOf(pieceTimes(readFileSync(join(folder, profile!), "utf8")).slice(warmUp));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const answer = (from: Answer) => process.send!(from);

process.on("message", (job: Job) => {
  time(job).then(
    (visit) => answer({ visit }),
    (error: Error) => answer({ error: error.message }),
  );
});
process.on("disconnect", () => process.exit());
