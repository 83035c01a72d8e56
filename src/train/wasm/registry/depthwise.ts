import type { Heap, Take } from "../heap.js";
import type { Address } from "../kernels.js";
import { spotOf } from "../source.js";
import { padded } from "../value.js";
import type { Geometry } from "./geometry.js";

/** Bytes of a position in the planes here, of four channels. */
const spot = spotOf({ vectors: 1 });

/** dFilter [high, wide, channels, multiplier] from x and dy, both images as tfjs lays them out. */
export function depthwiseFilterGradient(
  heap: Heap,
  g: Geometry,
  x: Address,
  dy: Address,
  dFilter: Address,
): void {
  const { kernels } = heap;
  heap.scratch((take) => {
    const wide = padded(g.outChannels);
    const images = imagesOf(heap, g, take);
    const plane = planeOf(heap, g, take, {
      height: Math.max(g.top + g.height, (g.outHeight - 1) * g.down + (g.high - 1) * g.dilationDown + 1),
      width: Math.max(g.left + g.width, (g.outWidth - 1) * g.right + (g.wide - 1) * g.dilationRight + 1),
    });
    const gradients = planeOf(heap, g, take, { height: g.outHeight, width: g.outWidth });
    const taps = tapsOf(heap, g, take, plane.pitch, 1);
    const dWeights = zeros(heap, take, g.high * g.wide * wide);
    for (let image = 0; image < g.batch; image++) {
      plane.load(images.input(x, image), g.height, g.width, g.top * plane.pitch + g.left * spot, 1, 1);
      gradients.load(images.gradient(dy, image), g.outHeight, g.outWidth, 0, 1, 1);
      kernels.correlateGradient(
        plane.at,
        plane.size,
        g.down * plane.pitch,
        g.right * spot,
        taps.list,
        taps.count,
        gradients.at,
        gradients.size,
        gradients.pitch,
        dWeights,
        g.outHeight,
        g.outWidth,
        wide / 4,
      );
    }
    kernels.copyColumns(dWeights, 4 * wide, dFilter, 4 * g.outChannels, g.high * g.wide, g.outChannels);
  });
}

/**
 * dx [batch, height, width, channels] from the filter and dy: dy lies in its planes as far apart as the windows do, zeros
 * between, and each input sums what the taps of all windows over it send back.
 */
export function depthwiseInputGradient(
  heap: Heap,
  g: Geometry,
  filter: Address,
  dy: Address,
  dx: Address,
): void {
  const { kernels } = heap;
  heap.scratch((take) => {
    const wide = padded(g.outChannels);
    const images = imagesOf(heap, g, take);
    const before = {
      down: Math.max(0, (g.high - 1) * g.dilationDown - g.top),
      right: Math.max(0, (g.wide - 1) * g.dilationRight - g.left),
    };
    const plane = planeOf(heap, g, take, {
      height: before.down + Math.max(g.top + g.height, (g.outHeight - 1) * g.down + 1),
      width: before.right + Math.max(g.left + g.width, (g.outWidth - 1) * g.right + 1),
    });
    const taps = tapsOf(heap, g, take, plane.pitch, -1);
    const weights = zeros(heap, take, g.high * g.wide * wide);
    kernels.copyColumns(filter, 4 * g.outChannels, weights, 4 * wide, g.high * g.wide, g.outChannels);
    const sums = take(g.height * g.width * wide);
    const origin = before.down * plane.pitch + before.right * spot;
    for (let image = 0; image < g.batch; image++) {
      plane.load(images.gradient(dy, image), g.outHeight, g.outWidth, origin, g.down, g.right);
      kernels.correlate(
        plane.at,
        plane.size,
        origin + g.top * plane.pitch + g.left * spot,
        plane.pitch,
        spot,
        taps.list,
        taps.count,
        weights,
        sums,
        4 * wide * g.width,
        4 * wide,
        g.height,
        g.width,
        wide / 4,
      );
      images.store(sums, dx, image);
    }
  });
}

/** Images between tfjs' layout and rows of padded output channels; an input channel stands for each of its outputs. */
function imagesOf(heap: Heap, g: Geometry, take: Take) {
  const { kernels } = heap;
  const wide = padded(g.outChannels);
  const multiplier = g.outChannels / g.channels;
  const size = g.height * g.width;
  const positions = g.outHeight * g.outWidth;
  const rows = zeros(heap, take, Math.max(size, positions) * wide);
  return {
    input(x: Address, image: number): Address {
      const from = x + 4 * size * g.channels * image;
      if (multiplier === 1) kernels.copyColumns(from, 4 * g.channels, rows, 4 * wide, size, g.channels);
      else
        for (let c = 0; c < g.outChannels; c++) {
          const channel = from + 4 * Math.floor(c / multiplier);
          kernels.copyColumns(channel, 4 * g.channels, rows + 4 * c, 4 * wide, size, 1);
        }
      return rows;
    },
    gradient(dy: Address, image: number): Address {
      const from = dy + 4 * positions * g.outChannels * image;
      kernels.copyColumns(from, 4 * g.outChannels, rows, 4 * wide, positions, g.outChannels);
      return rows;
    },
    /** Sums of each input channel's outputs. */
    store(sums: Address, dx: Address, image: number): void {
      const to = dx + 4 * size * g.channels * image;
      if (multiplier === 1) {
        kernels.copyColumns(sums, 4 * wide, to, 4 * g.channels, size, g.channels);
        return;
      }
      const [from, all] = [heap.floats(sums, size * wide), heap.floats(to, size * g.channels)];
      all.forEach((_, i) => {
        const first = Math.floor(i / g.channels) * wide + (i % g.channels) * multiplier;
        all[i] = from.subarray(first, first + multiplier).reduce((a, b) => a + b);
      });
    },
  };
}

/** Room for an image of output channels as planes of four channels; zeros where nothing was loaded. */
function planeOf(
  heap: Heap,
  { outChannels }: Geometry,
  take: Take,
  { height, width }: { readonly height: number; readonly width: number },
) {
  const wide = padded(outChannels);
  const pitch = width * spot;
  const size = height * pitch;
  const at = zeros(heap, take, (size / 4) * (wide / 4));
  return {
    at,
    size,
    pitch,
    /** Deal out rows, `down` and `right` positions apart. */
    load: (rows: Address, high: number, across: number, offset: number, down: number, right: number) =>
      heap.kernels.toPlanes(rows, high, across, wide, at, size, offset, down * pitch, right * spot, 1),
  };
}

/** Every tap as the kernels read it, forwards or backwards from a window's start. */
function tapsOf(heap: Heap, g: Geometry, take: Take, pitch: number, way: 1 | -1) {
  const count = g.high * g.wide;
  const list = take(2 * count);
  const wide = padded(g.outChannels);
  heap.integers(list, 2 * count).set(
    Array.from({ length: count }, (_, i) => {
      const [y, x] = [Math.floor(i / g.wide), i % g.wide];
      return [way * (y * g.dilationDown * pitch + x * g.dilationRight * spot), 4 * wide * i];
    }).flat(),
  );
  return { list, count };
}

function zeros(heap: Heap, take: Take, count: number): Address {
  const at = take(count);
  heap.clear(at, count);
  return at;
}
