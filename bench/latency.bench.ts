/**
 * Candidates scored a second of processor time: genome to latency, cost and memory, no training.
 *
 *     npm run bench:latency [-- --json], or npm run bench -- latency
 */
import { stream } from "../src/base/rng.js";
import { iphone13Npu } from "../src/latency/targets/index.js";
import { measurer } from "../src/search/measure.js";
import { formatGenome } from "../src/space/candidate.js";
import { sample } from "../src/space/moves.js";
import { fbnet, mnasnet, rapidnet } from "../src/space/spaces/index.js";

const candidates = 50_000;

/** Each candidate is new to the measurer; the pieces are not, after the first few. */
const results = [mnasnet, fbnet, rapidnet].map((space) => {
  const genomes = Array.from({ length: candidates }, (_, i) =>
    formatGenome(space, sample(space, stream(1, "bench", i))),
  );
  const measure = measurer(space, iphone13Npu);
  const start = process.cpuUsage();
  let slowestMs = 0;
  for (const genome of genomes) slowestMs = Math.max(slowestMs, measure(genome).latencyMs);
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  return { space: space.name, candidatesPerSecond: Math.round(candidates / seconds), slowestMs };
});

if (process.argv.includes("--json"))
  console.log(JSON.stringify({ schemaVersion: 1, candidates, results }, null, 2));
else
  for (const { space, candidatesPerSecond } of results)
    console.log(`${space.padEnd(10)} ${candidatesPerSecond} candidates/s, of ${candidates} on iphone13-npu`);
