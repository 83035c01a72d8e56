import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { analytic } from "../../src/search/benchmarks/analytic.js";
import { evolve } from "../../src/search/evolution.js";
import { fastest, limitedMoves } from "../../src/search/feasible.js";
import type { Measure } from "../../src/search/trial.js";
import { fbnet } from "../../src/space/spaces/index.js";

const benchmark = analytic.open({});
const breeding = { population: 40, generations: 30 };
const accuracyOf = (genome: string): number => benchmark.evaluate(genome).accuracy;

test("evolution of 1,200 looks finds what few networks are better than, and gives them the fittest first", () => {
  const found = evolve(benchmark.moves, accuracyOf, breeding, stream(1));
  const better = [...benchmark.genomes()].filter((genome) => accuracyOf(genome) > found[0]!.fitness).length;
  assert.ok(better < 10, `${better} of 65,536 are better`);
  for (const [i, { genome, fitness }] of found.entries()) {
    assert.equal(fitness, accuracyOf(genome));
    assert.ok(i === 0 || fitness <= found[i - 1]!.fitness);
  }
});

test("no genome is looked at twice, and the same stream looks at the same ones", () => {
  const asked: string[] = [];
  const look = (genome: string) => {
    asked.push(genome);
    return accuracyOf(genome);
  };
  const found = evolve(benchmark.moves, look, breeding, stream(2));
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(found.length, asked.length);
  assert.deepEqual(evolve(benchmark.moves, accuracyOf, breeding, stream(2)), found);
});

test("under a limit that few draws meet, everything looked at meets it", () => {
  const kernels = (genome: string) => (genome.match(/kernel=5/g) ?? []).length;
  const measure = (genome: string) => ({ latencyMs: 1 + kernels(genome) }) as Measure;
  const limits = { latencyMs: 6 };
  const { moves } = limitedMoves(fbnet, measure, limits, fastest(fbnet, measure).genome);
  const found = evolve(moves, kernels, { population: 20, generations: 10 }, stream(3));
  assert.ok(found.every(({ genome }) => measure(genome).latencyMs <= 6));
  assert.equal(found[0]!.fitness, 5, "as many as the limit lets through");
});
