import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mobilenet_v2_x1_0,
  mobilenet_v3_small,
  mobilevig_ti,
  rapidnet_ti,
} from "../../src/space/zoo/index.js";
import { reference } from "../../src/train/engines/reference.js";
import { difference, resized } from "./differences.js";
import { exported } from "./examples.js";

const networks = { mobilenet_v2_x1_0, mobilenet_v3_small, mobilevig_ti, rapidnet_ti };

for (const [name, entry] of Object.entries(networks))
  for (const foldNorms of [true, false])
    test(`onnxruntime computes ${name} at 32 pixels as the reference does, norms ${foldNorms ? "folded" : "kept"}`, async () => {
      const network = resized(entry.build(), 32);
      assert.ok((await difference(exported(network), foldNorms, reference)) < 1e-4);
    });
