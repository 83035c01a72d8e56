import { performance } from "node:perf_hooks";
import type { Address, Kernels } from "./kernels.js";

/** Rows x columns of the matrix tiles the kernels carry, by their code in src/train/kernels/tiles.mjs. */
export const tileShapes = ["4x8", "8x8", "2x16", "3x12", "6x16"] as const;
export type TileShape = (typeof tileShapes)[number];

/** Those of 8 columns. */
const eights = ["4x8", "8x8"] as const satisfies readonly TileShape[];

/** Likewise of those that sum weight gradients. */
export const transposedShapes = ["4x8", "2x16", "3x12", "4x16"] as const;

/** The tiles in use; results are the same bits with any. */
export interface Tiles {
  /** Of products with no more depth than columns. */
  readonly wide: TileShape;
  /** Of products with more. */
  readonly deep: TileShape;
  /** Where 8 columns are left over. */
  readonly eight: (typeof eights)[number];
  readonly transposed: (typeof transposedShapes)[number];
}

/** Vectors of four float32 that a plane of a depthwise convolution has at a position. */
export type PlaneVectors = 1 | 2;

/** Two where V8 makes one operation of two: where it does not, tiles of six rows and 16 columns spill registers and are the slowest. */
export const planeVectorsOf = ({ deep }: Tiles): PlaneVectors => (deep === "6x16" ? 2 : 1);

/** Billions of additions and multiplications a second of a matrix product with one shape of tile. */
export interface TileSpeed<Shape = TileShape> {
  readonly shape: Shape;
  readonly gflops: number;
}

/** Rows of the products that are timed; what they are deep and wide, as training has it where a block widens or narrows. */
const rows = 96;
const [narrow, broad] = [48, 240];
const operations = 2 * rows * narrow * broad;

/** Use tiles from now on. Nothing may be packed in panels at that time. */
export const useTiles = (kernels: Kernels, { wide, deep, eight, transposed }: Tiles): void =>
  kernels.chooseTiles(
    tileShapes.indexOf(wide),
    tileShapes.indexOf(deep),
    tileShapes.indexOf(eight),
    transposedShapes.indexOf(transposed),
  );

/**
 * Time every shape of tile, one after the other, again and again; the fastest turn of each counts, since a machine can be
 * slower than it is but not faster, and V8 is still compiling at first. The first shapes are in use afterwards.
 * Wide results go where nothing is in cache, as in training: tiles that spill registers wait for their stores there.
 *
 * @param take  scratch memory
 */
export function timeTiles(kernels: Kernels, take: (count: number) => Address, milliseconds: number) {
  const blocks = 32;
  const [a, b, panels, large] = [
    take(rows * broad),
    take(narrow * broad),
    take(narrow * broad),
    take(blocks * rows * broad),
  ];
  kernels.clearColumns(a, 0, 1, rows * broad);
  kernels.clearColumns(b, 0, 1, narrow * broad);
  kernels.clearColumns(large, 0, 1, blocks * rows * broad);
  let turn = 0;
  const cold = () => large + 4 * rows * broad * (turn++ % blocks);
  const product = (depth: number, columns: number, to: () => Address) =>
    timed(tileShapes, (code) => {
      kernels.chooseTiles(code, code, 0, 0);
      kernels.packPanels(b, columns, 1, depth, columns, panels);
      const c = to();
      return () => kernels.product(a, 4 * depth, panels, c, 4 * columns, rows, depth, columns);
    });
  const wide = product(narrow, broad, cold);
  const deep = product(broad, narrow, () => large);
  const transposed = timed(transposedShapes, (code) => {
    kernels.chooseTiles(0, 0, 0, code);
    return () =>
      kernels.transposedProduct(a, 4 * narrow, large, 4 * broad, b, 4 * broad, rows, narrow, broad);
  });
  const end = performance.now() + milliseconds;
  do {
    wide.turn();
    deep.turn();
    transposed.turn();
  } while (performance.now() < end);
  kernels.chooseTiles(0, 0, 0, 0);
  return { wide: wide.speeds(), deep: deep.speeds(), transposed: transposed.speeds() };
}

/** Of every shape of tile, for each kind of product. */
export type TileSpeeds = ReturnType<typeof timeTiles>;

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
 * The fastest tiles here: timed twice, and again while any still becomes faster, which is V8 compiling, ten times at most.
 *
 * @param time  in memory that it gives back, or the heap's size would hang on how often this is
 */
export function fastestTiles(time: () => TileSpeeds): Tiles {
  let before = time();
  for (let times = 1; times < 10; times++) {
    const now = time();
    const risen = (["wide", "deep", "transposed"] as const).some((kind) =>
      now[kind].some(({ gflops }, code) => gflops > 1.1 * before[kind][code]!.gflops),
    );
    before = now;
    if (!risen) break;
  }
  return {
    wide: fastest(before.wide),
    deep: fastest(before.deep),
    eight: fastest(before.deep.filter(isEight)),
    transposed: fastest(before.transposed),
  };
}

const isEight = (speed: TileSpeed): speed is TileSpeed<Tiles["eight"]> =>
  eights.some((shape) => shape === speed.shape);

const fastest = <Shape>(speeds: readonly TileSpeed<Shape>[]): Shape =>
  speeds.reduce((a, b) => (b.gflops > a.gflops ? b : a)).shape;
