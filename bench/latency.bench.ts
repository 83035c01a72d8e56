/**
 * Candidates scored a second of processor time, genome to latency, cost and memory, no training; and how
 * long evolution under a latency limit takes over a table's or model's latency and a given predictor.
 *
 *     npm run bench:latency [-- --json] [-- --candidates 50000], or npm run bench -- latency
 */
import { stream } from "../src/base/rng.js";
import { iphone13Npu } from "../src/latency/targets/index.js";
import { encodingOf } from "../src/search/encoding.js";
import { evolve } from "../src/search/evolution.js";
import { fastest, limitedMoves, medianLatencyMs } from "../src/search/feasible.js";
import { measurer } from "../src/search/measure.js";
import { ridge } from "../src/search/predictors/index.js";
import { formatGenome } from "../src/space/candidate.js";
import { sample } from "../src/space/moves.js";
import type { Space } from "../src/space/space.js";
import { fbnet, mnasnet, rapidnet } from "../src/space/spaces/index.js";

const oneHot = encodingOf("one-hot");
const flag = process.argv.indexOf("--candidates");
const candidates = flag < 0 ? 50_000 : Number(process.argv[flag + 1]);

/** Once-for-All's own: population 100, 500 generations (Cai et al. 2020, arXiv:1908.09791). */
const breeding = { population: 100, generations: 500 };

/** Seconds of processor time that something takes. */
function processorSeconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Each candidate is new to the measurer; the pieces are not, after the first few. */
function scored(space: Space) {
  const genomes = Array.from({ length: candidates }, (_, i) =>
    formatGenome(space, sample(space, stream(1, "bench", i))),
  );
  const measure = measurer(space, iphone13Npu);
  let slowestMs = 0;
  const seconds = processorSeconds(() => {
    for (const genome of genomes) slowestMs = Math.max(slowestMs, measure(genome).latencyMs);
  });
  return { candidatesPerSecond: Math.round(candidates / seconds), slowestMs };
}

/**
 * Processor seconds from a budget to its answer: finding the fastest network, teaching the predictor
 * and evolving. What the predictor was taught matters nothing here: MACs, in place of accuracies.
 */
const answered = (space: Space): number =>
  processorSeconds(() => {
    const measure = measurer(space, iphone13Npu);
    const limits = { latencyMs: medianLatencyMs(space, measure) };
    const { moves } = limitedMoves(space, measure, limits, fastest(space, measure).genome);
    const rng = stream(1, "bench", "evolve");
    const examples = Array.from({ length: 100 }, () => {
      const genome = moves.sample(rng);
      return { features: oneHot(moves, genome), accuracy: Math.log(measure(genome).macs) / 30 };
    });
    const predict = ridge.fit(examples, rng);
    evolve(moves, (genome) => predict(oneHot(moves, genome))[0]!, breeding, rng);
  });

const results = [mnasnet, fbnet, rapidnet].map((space) => ({
  space: space.name,
  ...scored(space),
  budgetSeconds: Number(answered(space).toFixed(2)),
}));

if (process.argv.includes("--json"))
  console.log(JSON.stringify({ schemaVersion: 1, candidates, breeding, results }, null, 2));
else
  for (const { space, candidatesPerSecond, budgetSeconds } of results)
    console.log(
      `${space.padEnd(10)} ${candidatesPerSecond} candidates/s, of ${candidates} on iphone13-npu; a budget answered in ${budgetSeconds} s of ${breeding.population} x ${breeding.generations}`,
    );
