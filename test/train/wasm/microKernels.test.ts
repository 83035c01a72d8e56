import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gemmProbe } from "../../../src/train/wasm/gemmProbe.js";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { simdLevels } from "../../../src/train/wasm/kernels.js";
import { tileShapes, transposedShapes, useTiles } from "../../../src/train/wasm/microKernels.js";
import { randoms, walled } from "./helpers.js";

const fours = (most: number) => fc.integer({ min: 1, max: most / 4 }).map((n) => 4 * n);
const sizes = [fc.integer({ min: 1, max: 40 }), fours(60), fours(60)] as const;

for (const level of simdLevels()) {
  test(`every shape of tile gives the same bits, and stays within its ends (${level})`, async () => {
    const heap = await openHeap(level);
    const { kernels } = heap;
    fc.assert(
      fc.property(...sizes, (rows, depth, columns) => {
        const [first, ...others] = tileShapes.map((product) =>
          heap.scratch((take) => {
            useTiles(kernels, { wide: product, deep: product, eight: "8x8", transposed: "4x8" });
            const [a, b] = [randoms(rows * depth, 1), randoms(depth * columns, 2)].map((numbers) =>
              walled(heap, take, numbers),
            );
            const panels = walled(heap, take, new Float32Array(depth * columns));
            const c = walled(heap, take, new Float32Array(rows * columns));
            kernels.packPanels(b!.at, columns, 1, depth, columns, panels.at);
            kernels.product(a!.at, 4 * depth, panels.at, c.at, 4 * columns, rows, depth, columns);
            assert.ok(panels.whole() && c.whole(), `${product} writes past an end`);
            return c.numbers();
          }),
        );
        for (const other of others) assert.deepEqual(other, first);
      }),
      { numRuns: 100 },
    );
    useTiles(kernels, heap.tiles);
  });

  test(`every shape of tile sums weight gradients to the same bits (${level})`, async () => {
    const heap = await openHeap(level);
    const { kernels } = heap;
    fc.assert(
      fc.property(...sizes, (rows, depth, columns) => {
        const [first, ...others] = transposedShapes.map((transposed) =>
          heap.scratch((take) => {
            useTiles(kernels, { wide: "4x8", deep: "4x8", eight: "4x8", transposed });
            const [a, b, c] = [
              randoms(rows * depth, 1),
              randoms(rows * columns, 2),
              randoms(depth * columns, 3),
            ].map((numbers) => walled(heap, take, numbers));
            const [deep, wide] = [4 * depth, 4 * columns];
            kernels.transposedProduct(a!.at, deep, b!.at, wide, c!.at, wide, rows, depth, columns);
            assert.ok(c!.whole(), `${transposed} writes past an end`);
            return c!.numbers();
          }),
        );
        for (const other of others) assert.deepEqual(other, first);
      }),
      { numRuns: 100 },
    );
    useTiles(kernels, heap.tiles);
  });
}

test("the probe times every shape, and leaves the one in use that the heap chose", async () => {
  const heap = await openHeap();
  const speeds = await gemmProbe(undefined, 5);
  assert.deepEqual(
    speeds.map(({ shape }) => shape),
    [...tileShapes],
  );
  for (const { shape, gflops } of speeds) assert.ok(gflops > 0.01 && gflops < 1000, `${shape}: ${gflops}`);
  const panels = (use: () => void) =>
    heap.scratch((take) => {
      const [b, to] = [take(4 * 24), take(4 * 24)];
      heap.floats(b, 4 * 24).set(randoms(4 * 24));
      use();
      heap.kernels.packPanels(b, 24, 1, 4, 24, to);
      return heap.floats(to, 4 * 24).slice();
    });
  assert.deepEqual(
    panels(() => {}),
    panels(() => useTiles(heap.kernels, heap.tiles)),
  );
});
