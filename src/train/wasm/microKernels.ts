import { performance } from "node:perf_hooks";
import type { Address, Kernels } from "./kernels.js";

/** Rows x columns of the matrix tiles the kernels carry, by their code in src/train/kernels/tiles.mjs. */
export const tileShapes = ["4x8", "8x8", "2x16", "3x12"] as const;
export type TileShape = (typeof tileShapes)[number];

/** Likewise of those that sum weight gradients. */
export const transposedShapes = ["4x8", "2x16"] as const;

/** The tiles in use; results are the same bits with any. */
export interface Tiles {
  readonly product: TileShape;
  readonly transposed: (typeof transposedShapes)[number];
}

/** Billions of additions and multiplications a second of a matrix product with one shape of tile. */
export interface TileSpeed<Shape = TileShape> {
  readonly shape: Shape;
  readonly gflops: number;
}

/** A product as training has them: a block of rows, and the channels of a middle stage. */
const [rows, depth, columns] = [96, 96, 144];
const operations = 2 * rows * depth * columns;

/** Use tiles from now on. Nothing may be packed in panels at that time. */
export const useTiles = (kernels: Kernels, { product, transposed }: Tiles): void =>
  kernels.chooseTiles(tileShapes.indexOf(product), transposedShapes.indexOf(transposed));

/**
 * Time every shape of tile, one after the other, again and again; the fastest turn of each counts, since a machine can be
 * slower than it is but not faster, and V8 is still compiling at first. The first shapes are in use afterwards.
 *
 * @param take  scratch memory
 */
export function timeTiles(kernels: Kernels, take: (count: number) => Address, milliseconds: number) {
  const [a, b, panels, c] = [
    take(rows * depth),
    take(depth * columns),
    take(depth * columns),
    take(rows * columns),
  ];
  kernels.clearColumns(a, 0, 1, rows * depth);
  kernels.clearColumns(b, 0, 1, depth * columns);
  kernels.clearColumns(c, 0, 1, rows * columns);
  const [deep, wide] = [4 * depth, 4 * columns];
  const product = timed(tileShapes, (code) => {
    kernels.chooseTiles(code, 0);
    kernels.packPanels(b, columns, 1, depth, columns, panels);
    return () => kernels.product(a, deep, panels, c, wide, rows, depth, columns);
  });
  const transposed = timed(transposedShapes, (code) => {
    kernels.chooseTiles(0, code);
    return () => kernels.transposedProduct(a, deep, c, wide, b, wide, rows, depth, columns);
  });
  const end = performance.now() + milliseconds;
  do {
    product.turn();
    transposed.turn();
  } while (performance.now() < end);
  kernels.chooseTiles(0, 0);
  return { product: product.speeds(), transposed: transposed.speeds() };
}

/** Times what `ready` returns for each shape, and keeps the fastest of all turns. */
function timed<Shape>(shapes: readonly Shape[], ready: (code: number) => () => void) {
  const best = shapes.map(() => Number.POSITIVE_INFINITY);
  return {
    turn: () =>
      shapes.forEach((_, code) => {
        const run = ready(code);
        const start = performance.now();
        run();
        best[code] = Math.min(best[code]!, performance.now() - start);
      }),
    speeds: (): TileSpeed<Shape>[] =>
      shapes.map((shape, code) => ({ shape, gflops: operations / best[code]! / 1e6 })),
  };
}

/**
 * The fastest tiles here, found in 10 to 50 ms: timed twice, and again while any still becomes faster, which is V8 compiling,
 * ten times at most.
 */
export function fastestTiles(kernels: Kernels, take: (count: number) => Address): Tiles {
  const milliseconds = 5;
  let before = timeTiles(kernels, take, milliseconds);
  for (let times = 1; times < 10; times++) {
    const now = timeTiles(kernels, take, milliseconds);
    const risen = (["product", "transposed"] as const).some((kind) =>
      now[kind].some(({ gflops }, code) => gflops > 1.1 * before[kind][code]!.gflops),
    );
    before = now;
    if (!risen) break;
  }
  return { product: fastest(before.product), transposed: fastest(before.transposed) };
}

const fastest = <Shape>(speeds: readonly TileSpeed<Shape>[]): Shape =>
  speeds.reduce((a, b) => (b.gflops > a.gflops ? b : a)).shape;
