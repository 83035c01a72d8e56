import { test } from "node:test";
import fc from "fast-check";
import { tfjsNode, wasm } from "../../src/train/engines/index.js";
import { generated, holdToReference } from "./generated.js";
import { missing } from "./missing.js";

// More networks: test/slow/kernels.test.ts.
for (const engine of [wasm, tfjsNode]) {
  const skip = (await missing(engine)) ?? false;
  for (const [kind, network] of Object.entries(generated))
    test(
      `${engine.title}: ${kind} of any shape is the reference's, forward and backward, within 1e-4`,
      { skip },
      () =>
        fc.assert(
          fc.asyncProperty(network, (out) => holdToReference(engine, out)),
          { numRuns: kind === "conv" ? 200 : 50, seed: 1 },
        ),
    );
}
