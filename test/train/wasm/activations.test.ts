import assert from "node:assert/strict";
import { test } from "node:test";
import { activations } from "../../../src/graph/op.js";
import { curves } from "../../../src/train/reference/operators/act.js";
import { openHeap } from "../../../src/train/wasm/heap.js";
import { simdLevels } from "../../../src/train/wasm/kernels.js";

/** -40 to 40, close together round 0. */
const grid = Float32Array.from({ length: 8000 }, (_, i) => 40 * (i / 4000 - 1) ** 3);

for (const level of simdLevels())
  for (const act of activations)
    test(`${act} and its slope are within 1e-6 of the definition (${level})`, async () => {
      const heap = await openHeap(level);
      heap.scratch((take) => {
        const [x, y, slope] = [take(grid.length), take(grid.length), take(grid.length)];
        const [factor, shift, mean, sums] = [take(4), take(4), take(4), take(24)];
        heap.floats(x, grid.length).set(grid);
        heap.floats(slope, grid.length).fill(1);
        heap.floats(factor, 4).fill(1);
        for (const [at, count] of [
          [shift, 4],
          [mean, 4],
          [sums, 16],
        ] as const)
          heap.floats(at, count).fill(0);
        const { affineRows, chainRows } = heap.activated[act];
        affineRows(x, factor, shift, y, grid.length / 4, 4);
        chainRows(slope, x, factor, shift, mean, sums, grid.length / 4, 4);
        const [values, slopes] = [heap.floats(y, grid.length), heap.floats(slope, grid.length)];
        grid.forEach((at, i) => {
          const off = Math.abs(values[i]! - curves[act].value(at));
          assert.ok(off < 1e-6 * Math.max(1, Math.abs(at)), `${act}(${at}) is off by ${off}`);
          const offSlope = Math.abs(slopes[i]! - curves[act].slope(at));
          assert.ok(offSlope < 1e-6, `the slope of ${act} at ${at} is off by ${offSlope}`);
        });
        const total = grid.reduce((sum, at) => sum + curves[act].slope(at), 0);
        const sum = heap.doubles(sums, 4).reduce((a, b) => a + b);
        assert.ok(Math.abs(sum - total) < 1e-5 * grid.length, "the sum of the slopes");
      });
    });
