import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import {
  fbnet_c,
  mobilenet_v2_x1_0,
  mobilenet_v3_large,
  mobilevig_ti,
  rapidnet_ti,
  tiny_moat0,
} from "../../src/space/zoo/index.js";
import { reference } from "../../src/train/engines/reference.js";
import { initialWeights } from "../../src/train/initial.js";
import { difference } from "../export/differences.js";
import { exported } from "../export/examples.js";

const networks = { fbnet_c, mobilenet_v2_x1_0, mobilenet_v3_large, mobilevig_ti, rapidnet_ti, tiny_moat0 };

for (const [name, entry] of Object.entries(networks))
  test(`onnxruntime computes ${name} at its own resolution as the reference does`, async () => {
    const network = entry.build();
    const weights = initialWeights(network, stream(1, "init"));
    assert.ok((await difference(exported(network, { weights }), true, reference)) < 1e-4);
  });
