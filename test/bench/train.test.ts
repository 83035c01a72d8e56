import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { alternate, pairedRatio, resultsOf } from "../../bench/trainFigures.js";
import { sharesOf } from "../../bench/trainProfile.js";

const bench = fileURLToPath(new URL("../../bench/train.bench.js", import.meta.url));

test("bench:train prints one line of JSON and nothing else, also without Python", () => {
  const out = execFileSync(
    process.execPath,
    [bench, "--networks", "tiny", "--engines", "wasm", "--rounds", "1", "--seconds", "0.2", "--json"],
    { env: { ...process.env, NAS_BENCH_PYTHON: "" }, stdio: ["ignore", "pipe", "ignore"] },
  ).toString();
  const { results, scaling, profiles } = z
    .object({
      results: z.array(
        z.strictObject({
          network: z.literal("tiny"),
          engine: z.literal("wasm"),
          workers: z.int(),
          imagesPerSecond: z.number().positive(),
          peer: z.null(),
          peerImagesPerSecond: z.null(),
          ratio: z.null(),
        }),
      ),
      scaling: z.array(z.object({ ratio: z.number().positive() })),
      profiles: z.array(z.object({ operators: z.array(z.object({ of: z.string(), share: z.number() })) })),
      cores: z.number().positive(),
      gflops: z.object({
        peak: z.number().positive(),
        tiles: z.array(z.object({ shape: z.string() })).min(1),
      }),
    })
    .parse(JSON.parse(out));
  assert.deepEqual(
    results.map(({ workers }) => workers),
    [1, 2],
  );
  assert.equal(scaling.length, 1);
  const found = profiles[0]!.operators.map(({ of }) => of);
  for (const of of ["pointwise, forward", "pointwise, backward"]) assert.ok(found.includes(of), `no ${of}`);
});

test("contestants have their turns in order, round after round", async () => {
  const turns: string[] = [];
  const contestant = (name: string, speeds: number[]) => ({
    name,
    turn: async () => {
      turns.push(name);
      return speeds.shift()!;
    },
  });
  const speeds = await alternate([contestant("a", [1, 2]), contestant("b", [3, 4])], 2);
  assert.deepEqual(turns, ["a", "b", "a", "b"]);
  assert.deepEqual(
    [...speeds.values()],
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test("a ratio is the median of the rounds' ratios, not the ratio of medians", () => {
  assert.equal(pairedRatio([10, 40, 90], [10, 20, 30]), 2);
  assert.equal(pairedRatio([30, 10, 20], [10, 20, 30]), 2 / 3);
});

test("each peer of an engine has a result of its own", () => {
  const peers = new Map([
    ["one", [10, 20, 5]],
    ["two", [5, 5, 5]],
  ]);
  const who = { network: "n", engine: "e", workers: 2 };
  assert.deepEqual(resultsOf(who, [20, 10, 15], peers), [
    { ...who, imagesPerSecond: 15, peer: "one", peerImagesPerSecond: 10, ratio: 2 },
    { ...who, imagesPerSecond: 15, peer: "two", peerImagesPerSecond: 5, ratio: 3 },
  ]);
});

test("a sample counts for the operator it was in, and for no time nobody worked", () => {
  const node = (id: number, functionName: string, file: string, children: number[] = []) => ({
    id,
    callFrame: { functionName, url: file, scriptId: "", lineNumber: 0, columnNumber: 0 },
    children,
  });
  const profile = {
    nodes: [
      node(1, "(root)", "", [2, 3, 6, 8]),
      node(2, "(idle)", ""),
      node(3, "backThrough", "src/train/wasm/run.js", [4]),
      node(4, "backward", "src/train/wasm/operators/pointwise.js", [5, 7]),
      node(5, "product", "wasm://wasm/1"),
      node(6, "crossEntropy", "src/train/loss.js"),
      node(7, "gradientWrote", "src/train/wasm/ending.js"),
      node(8, "backward", "src/train/wasm/operators/depthwise.js"),
    ],
    startTime: 0,
    endTime: 200,
    samples: [2, 5, 6, 7, 8],
    timeDeltas: [100, 50, 10, 25, 15],
  };
  assert.deepEqual(sharesOf(profile).operators, [
    { of: "pointwise, backward", share: 0.5 },
    { of: "norm, scale, act, backward", share: 0.25 },
    { of: "depthwise, backward", share: 0.15 },
    { of: "loss", share: 0.1 },
  ]);
});
