import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import { nodes } from "../../../src/graph/node.js";
import { wasm, wasmStrict } from "../../../src/train/engines/index.js";
import { initialWeights } from "../../../src/train/initial.js";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { simdLevels } from "../../../src/train/wasm/kernels.js";
import { tileShapes, transposedShapes, useTiles } from "../../../src/train/wasm/microKernels.js";
import { trainerOn } from "../../../src/train/wasm/trainer.js";
import { allNetworks, batchFor, composed } from "../networks.js";

const options = { momentum: 0.9, nesterov: true, weightDecay: 1e-4, labelSmoothing: 0.1 };
const out = composed.everything!;
const weights = () => initialWeights(out, stream(1, "weights"));

test("wasm-strict's kernels have no relaxed instruction, wasm's builds have", async () => {
  const has = (file: string) => {
    const bytes = readFileSync(new URL(`../../../src/train/kernels/${file}`, import.meta.url));
    // f32x4.relaxed_madd: the prefix 0xfd and 0x105 as LEB128.
    return bytes.includes(Buffer.from([0xfd, 0x85, 0x02]));
  };
  assert.ok(!has("training.wasm"));
  assert.ok(has("training-relaxed.wasm"));
  (await wasmStrict.open(out, weights(), options)).dispose();
  assert.match(wasmStrict.build(), /^wasm-strict, simd128(, revectorized)?, kernels [0-9a-f]{12}, tfjs /);
});

test("engines with different kernels say different builds", async () => {
  for (const engine of [wasm, wasmStrict]) (await engine.open(out, weights(), options)).dispose();
  assert.notEqual(wasm.build(), wasmStrict.build());
});

test("training gives the same bits whatever tiles were chosen", async () => {
  const heap = await openHeap("simd128");
  const batch = batchFor([3, 9, 9], 5, 1);
  const trained = tileShapes.map((product, i) => {
    useTiles(heap.kernels, {
      wide: product,
      deep: tileShapes.at(-1 - i)!,
      eight: i % 2 === 0 ? "4x8" : "8x8",
      transposed: transposedShapes[i % 4]!,
    });
    const trainer = trainerOn(heap, out, weights(), options);
    for (let step = 0; step < 3; step++) trainer.step(batch, 0.05);
    const found = trainer.weights();
    trainer.dispose();
    return found;
  });
  useTiles(heap.kernels, heap.tiles);
  for (const other of trained.slice(1)) assert.deepEqual(other, trained[0]);
});

for (const level of simdLevels())
  test(`planes of four and of eight channels give the same bits (${level})`, async () => {
    const heap = await openHeap(level);
    for (const [title, network] of allNetworks) {
      const shape = nodes(network).find(({ op }) => op.kind === "input")!.shape;
      const found = ([1, 2] as const).map((planeVectors) => {
        const start = initialWeights(network, stream(1, "weights"));
        const trainer = trainerOn({ ...heap, planeVectors }, network, start, options);
        const { gradients, logits } = trainer.gradients(batchFor(shape, 3, 1));
        trainer.dispose();
        return { gradients, logits };
      });
      assert.deepEqual(found[1], found[0], title);
    }
  });

/** Changes only when kernels add in another order, or round otherwise. */
const bits = "3328c7dd559e457644cd108ffcb7b0eb12cc108eba97b78722397271c389d584";

test("wasm-strict gives the same bits on every machine, and whatever V8 compiles them to", async () => {
  const hash = createHash("sha256");
  for (const [, network] of allNetworks) {
    const trainer = await wasmStrict.open(network, initialWeights(network, stream(1, "weights")), options);
    const batch = batchFor(nodes(network).find(({ op }) => op.kind === "input")!.shape, 5, 1);
    // As many as make V8 compile what it had only translated.
    for (let step = 0; step < 30; step++) trainer.step(batch, 0.05);
    for (const numbers of trainer.weights().values())
      hash.update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    trainer.dispose();
  }
  assert.equal(hash.digest("hex"), bits);
});
