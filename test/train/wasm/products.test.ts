import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { simdLevels } from "../../../src/train/wasm/kernels.js";
import { randoms, relativeError, walled } from "./helpers.js";

const fours = (most: number) => fc.integer({ min: 1, max: most / 4 }).map((n) => 4 * n);

for (const level of simdLevels()) {
  test(`a product of any number of rows is the product, and stays within its ends (${level})`, async () => {
    const heap = await openHeap(level);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 21 }), fours(40), fours(40), (rows, depth, columns) =>
        heap.scratch((take) => {
          const [a, b] = [randoms(rows * depth, 1), randoms(depth * columns, 2)];
          const left = walled(heap, take, a);
          const panels = walled(heap, take, new Float32Array(depth * columns));
          const right = walled(heap, take, b);
          const result = walled(heap, take, new Float32Array(rows * columns));
          heap.kernels.packPanels(right.at, columns, 1, depth, columns, panels.at);
          heap.kernels.product(left.at, 4 * depth, panels.at, result.at, 4 * columns, rows, depth, columns);
          const expected = Array.from({ length: rows * columns }, (_, i) => {
            const [row, column] = [Math.floor(i / columns), i % columns];
            let sum = 0;
            for (let k = 0; k < depth; k++) sum += a[row * depth + k]! * b[k * columns + column]!;
            return sum;
          });
          assert.ok(relativeError(result.numbers(), expected) < 1e-6);
          assert.ok(panels.whole() && result.whole());
        }),
      ),
      { numRuns: 60 },
    );
  });

  test(`a transposed product adds to what is there, and stays within its ends (${level})`, async () => {
    const heap = await openHeap(level);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 21 }), fours(40), fours(40), (rows, depth, columns) =>
        heap.scratch((take) => {
          const [a, b, before] = [
            randoms(rows * depth, 1),
            randoms(rows * columns, 2),
            randoms(depth * columns, 3),
          ];
          const [left, right, sum] = [a, b, before].map((numbers) => walled(heap, take, numbers));
          heap.kernels.transposedProduct(
            left!.at,
            4 * depth,
            right!.at,
            4 * columns,
            sum!.at,
            4 * columns,
            rows,
            depth,
            columns,
          );
          const expected = Array.from(before, (start, i) => {
            const [k, column] = [Math.floor(i / columns), i % columns];
            let total = start;
            for (let row = 0; row < rows; row++) total += a[row * depth + k]! * b[row * columns + column]!;
            return total;
          });
          assert.ok(relativeError(sum!.numbers(), expected) < 1e-6);
          assert.ok(sum!.whole());
        }),
      ),
      { numRuns: 60 },
    );
  });
}
