import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { tfjsNode, wasm, wasmStrict } from "../../src/train/engines/index.js";
import { generated, holdToReference } from "../train/generated.js";
import { missing } from "../train/missing.js";

for (const [name, engine] of Object.entries({ wasm, "wasm-strict": wasmStrict, "tfjs-node": tfjsNode })) {
  const skip = (await missing(engine)) ?? false;
  for (const [kind, network] of Object.entries(generated))
    test(
      `${name}: ${kind} of any shape is the reference's, forward and backward, within 1e-4`,
      { skip },
      () =>
        fc.assert(
          fc.asyncProperty(network, (out) => holdToReference(engine, out)),
          { numRuns: kind === "conv" ? 2000 : 500, seed: 2 },
        ),
    );
}

test("a process that trains the benchmark network at batch 64 takes 400 MB at most, flat over 1,000 steps", () => {
  const script = fileURLToPath(new URL("./thousandSteps.js", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const { early, late, peakMb } = JSON.parse(stdout);
  assert.deepEqual(late, early, "tensors and heap at step 1,000 and at step 20");
  assert.ok(peakMb <= 400, `the peak is ${peakMb} MB`);
});
