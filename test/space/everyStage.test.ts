import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { kernels } from "../../src/graph/fuse.js";
import { signature } from "../../src/graph/signature.js";
import { build, deployedForm } from "../../src/space/build.js";
import { everyStage } from "../../src/space/everyStage.js";
import { sample } from "../../src/space/moves.js";
import { fbnet, mnasnet } from "../../src/space/spaces/index.js";

for (const space of [mnasnet, fbnet])
  test(`Every kernel of networks of ${space.name} is in one of its stages, and every stage's in some network`, () => {
    const every = new Set([...everyStage(space)].flatMap((out) => kernels(out).map(signature)));
    const seen = new Set<string>();
    for (let i = 0; i < 600; i++) {
      const network = build(space, sample(space, stream(1, "stages", i)), deployedForm(space));
      for (const kernel of kernels(network)) seen.add(signature(kernel));
    }
    for (const key of seen) assert.ok(every.has(key), key);
    assert.ok(seen.size > 0.95 * every.size, `${seen.size} of ${every.size}`);
  });
