import { test } from "node:test";
import fc from "fast-check";
import { wasm } from "../../../src/train/engines/index.js";
import { generated, holdToReference } from "./generated.js";

// More networks, and both engines: test/slow/kernels.test.ts.
for (const [kind, network] of Object.entries(generated))
  test(`${kind} of any shape is the reference's, forward and backward, within 1e-4`, () =>
    fc.assert(
      fc.asyncProperty(network, (out) => holdToReference(wasm, out)),
      { numRuns: kind === "conv" ? 200 : 50, seed: 1 },
    ));
