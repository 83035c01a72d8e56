import { openHeap } from "./heap.js";
import type { SimdLevel } from "./kernels.js";
import { type TileSpeed, timeTiles, useTiles } from "./microKernels.js";

/**
 * How fast each shape of matrix tile runs here, in one thread; all give the same bits, and training uses the fastest it
 * found when it started.
 *
 * @param level         kernels to time, by default the fastest there are
 * @param milliseconds  spent timing; V8 takes about 100 to compile at its best
 */
export async function gemmProbe(level?: SimdLevel, milliseconds = 200): Promise<readonly TileSpeed[]> {
  const { kernels, scratch, tiles } = await openHeap(level);
  const { deep } = scratch((take) => timeTiles(kernels, take, milliseconds));
  useTiles(kernels, tiles);
  return deep;
}
