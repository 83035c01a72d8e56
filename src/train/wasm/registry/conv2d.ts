import type { Heap, Take } from "../heap.js";
import type { Address } from "../kernels.js";
import { eachBlock, padded } from "../value.js";
import { type WindowRows, windowRows } from "../windowRows.js";
import type { Geometry } from "./geometry.js";

/** Numbers of unfolded windows held at a time. */
const unfolded = 1 << 16;

/** dFilter [high, wide, channels, outChannels] from x and dy, both images as tfjs lays them out. */
export function filterGradient(heap: Heap, g: Geometry, x: Address, dy: Address, dFilter: Address): void {
  const { kernels } = heap;
  heap.scratch((take) => {
    const map = mapOf(heap, g, take);
    const { depth, width, block } = map;
    const [rows, gradients] = [take(block * depth), zeros(heap, take, block * width)];
    const matrix = zeros(heap, take, depth * width);
    for (let image = 0; image < g.batch; image++) {
      map.load(x + 4 * map.size * image);
      eachBlock(
        map.positions,
        (from, count) => {
          map.unfold(from, count, rows);
          map.gradientRows(dy, image, from, count, gradients);
          kernels.transposedProduct(
            rows,
            4 * depth,
            gradients,
            4 * width,
            matrix,
            4 * width,
            count,
            depth,
            width,
          );
        },
        block,
      );
    }
    map.eachTap(dFilter, matrix, (inFilter, inMatrix) =>
      kernels.copyColumns(inMatrix, 4 * width, inFilter, 4 * g.outChannels, g.channels, g.outChannels),
    );
  });
}

/** dx [batch, height, width, channels] from the filter and dy. */
export function inputGradient(heap: Heap, g: Geometry, filter: Address, dy: Address, dx: Address): void {
  const { kernels } = heap;
  heap.scratch((take) => {
    const map = mapOf(heap, g, take);
    const { depth, width, block } = map;
    const [rows, gradients] = [take(block * depth), zeros(heap, take, block * width)];
    const [matrix, panels] = [zeros(heap, take, depth * width), take(depth * width)];
    map.eachTap(filter, matrix, (inFilter, inMatrix) =>
      kernels.copyColumns(inFilter, 4 * g.outChannels, inMatrix, 4 * width, g.channels, g.outChannels),
    );
    kernels.packPanels(matrix, 1, width, width, depth, panels);
    for (let image = 0; image < g.batch; image++) {
      map.clear();
      eachBlock(
        map.positions,
        (from, count) => {
          map.gradientRows(dy, image, from, count, gradients);
          kernels.product(gradients, 4 * width, panels, rows, 4 * depth, count, width, depth);
          map.fold(from, count, rows);
        },
        block,
      );
      map.store(dx + 4 * map.size * image);
    }
  });
}

/** One padded image, and the way between it and rows of windows [high · wide · padded channels]. */
function mapOf(heap: Heap, g: Geometry, take: Take) {
  const { kernels } = heap;
  const { height, width, channels, outChannels, top, left, high, wide, outHeight, outWidth } = g;
  if (g.down !== g.right || g.dilationDown !== g.dilationRight)
    throw new Error(
      `gradients of conv2d on wasm take the same stride and dilation down and right, not strides ${g.down}, ${g.right} and dilations ${g.dilationDown}, ${g.dilationRight}`,
    );
  const side = (length: number, before: number, outputs: number, taps: number) =>
    Math.max(before + length, (outputs - 1) * g.down + (taps - 1) * g.dilationDown + 1);
  const mapWidth = side(width, left, outWidth, wide);
  const numbers = side(height, top, outHeight, high) * mapWidth * channels;
  const at = zeros(heap, take, numbers);
  const tap = padded(channels);
  const depth = high * wide * tap;
  const positions = outHeight * outWidth;
  const columns = padded(outChannels);
  const windows: WindowRows = {
    mapWidth,
    mapChannels: channels,
    tap,
    high,
    wide,
    step: g.down,
    dilation: g.dilationDown,
    outWidth,
  };
  return {
    depth,
    width: columns,
    positions,
    size: height * width * channels,
    block: Math.min(positions, Math.max(4, 4 * Math.floor(unfolded / depth / 4))),
    clear: () => heap.clear(at, numbers),
    load: (from: Address) => kernels.intoPadded(from, at, height, width, channels, mapWidth, top, left),
    store: (to: Address) => kernels.outOfPadded(at, to, height, width, channels, mapWidth, top, left),
    unfold: (first: number, count: number, rows: Address) =>
      windowRows("unfold", kernels, windows, [0, channels], first, count, at, rows),
    fold: (first: number, count: number, rows: Address) =>
      windowRows("fold", kernels, windows, [0, channels], first, count, at, rows),
    /** Rows of dy, [count, outChannels], filled up to [count, columns]; the padding of `to` is 0 and stays so. */
    gradientRows(dy: Address, image: number, first: number, count: number, to: Address) {
      const from = dy + 4 * outChannels * (image * positions + first);
      kernels.copyColumns(from, 4 * outChannels, to, 4 * columns, count, outChannels);
    },
    /** For each tap its place in the filter and in the matrix [depth, columns]. */
    eachTap(filter: Address, matrix: Address, visit: (inFilter: Address, inMatrix: Address) => void) {
      for (let i = 0; i < high * wide; i++)
        visit(filter + 4 * i * channels * outChannels, matrix + 4 * i * tap * columns);
    },
  };
}

function zeros(heap: Heap, take: Take, count: number): Address {
  const at = take(count);
  heap.clear(at, count);
  return at;
}
