import type { OpOf } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call, Operator } from "../operator.js";
import { eachBlock, padded, rowsOf } from "../value.js";
import { biasGradient, biasOf } from "./bias.js";
import { kernelMatrix, type Part, packMatrix, unpackKernel, zeros } from "./kernelMatrix.js";
import { oddLines } from "./planes.js";

/** Tiles of 2 x 2 outputs that are worked on at a time, in 16 matrices for their 16 places in the basis. */
const tilesAtOnce = 128;
const places = Array.from({ length: 16 }, (_, i) => i);

/** The dense 3 x 3 kernel, all its taps. */
const whole: Part = { taps: [0, 1, 2, 3, 4, 5, 6, 7, 8], group: 0, groups: 1 };

/**
 * A dense 3 x 3 convolution at stride 1 in Winograd's basis: products of matrices take 16 multiplications where windows take
 * 36, forth, back and for the kernel. One image at a time, or as many small ones as fill a block of tiles.
 */
export const winograd: Operator<"conv"> = {
  forward(op, call) {
    const { heap, out } = call;
    const { kernels } = heap;
    const t = tilesOf(op, call);
    const { deep, wide, size } = t;
    const panels = t.panels("forward");
    const addBias = biasOf(op, call);
    const [x, y] = [t.room(deep), t.room(wide)];
    t.eachImages((image, images) => {
      t.load(image, images);
      const to = out.at + 4 * wide * image * size;
      t.eachTiles(images, (first, count) => {
        t.input("winogradInput", t.maps, first, count, x);
        for (const p of places)
          kernels.product(x.at(p), 4 * deep, panels[p]!, y.at(p), 4 * wide, count, deep, wide);
        t.output("winogradOutput", to, first, count, y);
      });
      addBias(to, images * size);
      out.done(image * size, images * size);
    });
  },

  backward(op, call) {
    const { heap } = call;
    const { kernels } = heap;
    const t = tilesOf(op, call);
    const { deep, wide, size, several } = t;
    const dx = call.into(0);
    const panels = dx && t.panels("backward");
    const dKernel = zeros(call, 16 * deep * wide);
    const dMaps = dx && zeros(call, several * t.numbers);
    const bias = biasGradient(op, call);
    const [x, dy] = [t.room(deep), t.room(wide)];
    const gradients = call.gradientRows(several * size);
    t.eachImages((image, images) => {
      t.load(image, images);
      const from = gradients(image * size, images * size);
      bias.add(from, images * size);
      if (dMaps) heap.clear(dMaps, images * t.numbers);
      t.eachTiles(images, (first, count) => {
        t.input("winogradInput", t.maps, first, count, x);
        t.output("winogradOutputGradient", from, first, count, dy);
        for (const p of places) {
          const at = dKernel + 4 * deep * wide * p;
          kernels.transposedProduct(x.at(p), 4 * deep, dy.at(p), 4 * wide, at, 4 * wide, count, deep, wide);
          if (panels) kernels.product(dy.at(p), 4 * wide, panels[p]!, x.at(p), 4 * deep, count, wide, deep);
        }
        if (dMaps) t.input("winogradInputGradient", dMaps, first, count, x);
      });
      if (!dx || !dMaps) return;
      t.store(dMaps, dx.at, image, images);
      dx.done(image * size, images * size);
    });
    const matrix = call.take(9 * deep * wide);
    kernels.winogradKernelGradient(dKernel, matrix, deep * wide);
    unpackKernel(call, whole, matrix);
    bias.finish();
  },
};

/** Sixteen matrices of tiles, by their place in the basis. */
interface Room {
  readonly plane: number;
  at(place: number): Address;
}

/** The tiles of a convolution, and the padded maps of a few images that they are cut from. */
function tilesOf(op: OpOf<"conv">, call: Call) {
  const { heap, take, batch } = call;
  const { kernels } = heap;
  const x = call.inputs[0]!;
  const [, height, width] = x.shape;
  const [deep, wide] = [x.stride, padded(op.out)];
  const size = height * width;
  const [down, right] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const perMap = down * right;
  const mapWidth = 2 * right + 2;
  /** Of a map. */
  const numbers = (2 * down + 2) * mapWidth * deep;
  const several = Math.max(1, Math.min(batch, Math.floor(tilesAtOnce / perMap)));
  const most = Math.min(several * perMap, tilesAtOnce);
  const maps = zeros(call, several * numbers);
  const rows = rowsOf(heap, x, size, take);
  return {
    deep,
    wide,
    size,
    numbers,
    /** Images whose maps are held at a time. */
    several,
    maps,
    /** The kernel in its basis: for every place a matrix in panels. */
    panels(way: "forward" | "backward"): readonly Address[] {
      const basis = take(16 * deep * wide);
      kernels.winogradKernel(kernelMatrix(call, whole), basis, deep * wide);
      return places.map((place) => packMatrix(call, basis + 4 * deep * wide * place, deep, wide, way));
    },
    room(channels: number): Room {
      const plane = oddLines(4 * most * channels);
      const start = take(4 * plane);
      return { plane, at: (place) => start + place * plane };
    },
    eachImages: (visit: (image: number, images: number) => void) => eachBlock(batch, visit, several),
    eachTiles: (images: number, visit: (first: number, count: number) => void) =>
      eachBlock(images * perMap, visit, most),
    load(image: number, images: number) {
      for (let i = 0; i < images; i++) {
        const from = rows((image + i) * size, size);
        kernels.intoPadded(from, maps + 4 * numbers * i, height, width, deep, mapWidth, 1, 1);
      }
    },
    store(from: Address, to: Address, image: number, images: number) {
      for (let i = 0; i < images; i++) {
        const at = to + 4 * deep * (image + i) * size;
        kernels.outOfPadded(from + 4 * numbers * i, at, height, width, deep, mapWidth, 1, 1);
      }
    },
    /** Between maps and tiles. */
    input(
      kernel: "winogradInput" | "winogradInputGradient",
      at: Address,
      first: number,
      count: number,
      room: Room,
    ) {
      const { plane } = room;
      kernels[kernel](at, 4 * numbers, mapWidth, deep, right, perMap, first, count, room.at(0), plane);
    },
    /** Between tiles and images of the output, the first of them at `at`. */
    output(
      kernel: "winogradOutput" | "winogradOutputGradient",
      at: Address,
      first: number,
      count: number,
      room: Room,
    ) {
      kernels[kernel](at, height, width, wide, right, perMap, first, count, room.at(0), room.plane);
    },
  };
}
