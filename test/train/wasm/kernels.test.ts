import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadKernels } from "../../../src/train/wasm/kernels.js";

test("kernels that were not built are missed with the command that builds them", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kernels-"));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const load = loadKernels(memory, "simd128", pathToFileURL(`${folder}/`));
  await assert.rejects(load, /training\.wasm is missing.*npm run build/);
  rmSync(folder, { recursive: true });
});
