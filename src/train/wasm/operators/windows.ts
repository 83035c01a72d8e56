import type { OpOf } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call, Operator } from "../operator.js";
import { blockRows, eachBlock, padded, rowsOf } from "../value.js";
import { type WindowRows, windowRows } from "../windowRows.js";
import { biasGradient, biasOf } from "./bias.js";
import { type Part, packKernel, sizesOf, unpackKernel, zeros } from "./kernelMatrix.js";
import { liveTaps } from "./liveTaps.js";

/** Numbers of unfolded windows held at a time. */
const unfolded = 1 << 16;

/**
 * Any convolution as matrix products: the windows of a block of positions unfold into rows, [taps · channels], and a
 * group's rows times its kernel make its channels of the output; gradients fold back. One image at a time, or as many small
 * ones as fill a block.
 */
export const windows: Operator<"conv"> = {
  forward(op, call) {
    const { heap, out, take } = call;
    const { kernels } = heap;
    const map = mapOf(op, call);
    const width = padded(op.out);
    const panels = map.parts.map((part) => packKernel(call, part, "forward"));
    const block = take(map.block * map.depth);
    const narrow = op.groups === 1 ? undefined : take(map.block * map.width);
    const addBias = biasOf(op, call);
    eachBlock(
      call.batch,
      (image, images) => {
        const first = image * map.positions;
        map.load(image, images);
        eachBlock(
          images * map.positions,
          (from, count) => {
            const y = out.at + 4 * width * (first + from);
            if (narrow !== undefined) kernels.clearColumns(y, 4 * width, count, width);
            for (const part of map.parts) {
              map.unfold(part, from, count, block);
              const to = narrow ?? y;
              kernels.product(
                block,
                4 * map.depth,
                panels[part.group]!,
                to,
                4 * map.width,
                count,
                map.depth,
                map.width,
              );
              if (narrow === undefined) continue;
              const column = y + 4 * map.wide * part.group;
              kernels.copyColumns(narrow, 4 * map.width, column, 4 * width, count, map.wide);
            }
            addBias(y, count);
            out.done(first + from, count);
          },
          map.block,
        );
      },
      map.several,
    );
  },

  backward(op, call) {
    const { take } = call;
    const { kernels } = call.heap;
    const map = mapOf(op, call);
    const width = padded(op.out);
    const dx = call.into(0);
    const panels = dx && map.parts.map((part) => packKernel(call, part, "backward"));
    const dKernels = map.parts.map(() => zeros(call, map.depth * map.width));
    const dMap = dx && map.zeros();
    const block = take(map.block * map.depth);
    const narrow = op.groups === 1 ? undefined : zeros(call, map.block * map.width);
    const bias = biasGradient(op, call);
    const gradients = call.gradientRows(map.block);
    const { depth } = map;
    eachBlock(
      call.batch,
      (image, images) => {
        const first = image * map.positions;
        map.load(image, images);
        if (dMap) map.clear(dMap);
        eachBlock(
          images * map.positions,
          (from, count) => {
            const rows = gradients(first + from, count);
            bias.add(rows, count);
            for (const part of map.parts) {
              if (narrow !== undefined) {
                const column = rows + 4 * map.wide * part.group;
                kernels.copyColumns(column, 4 * width, narrow, 4 * map.width, count, map.wide);
              }
              const dy = narrow ?? rows;
              const step = 4 * map.width;
              const dKernel = dKernels[part.group]!;
              map.unfold(part, from, count, block);
              kernels.transposedProduct(block, 4 * depth, dy, step, dKernel, step, count, depth, map.width);
              if (!panels || !dMap) continue;
              kernels.product(dy, step, panels[part.group]!, block, 4 * depth, count, map.width, depth);
              map.fold(part, from, count, block, dMap);
            }
          },
          map.block,
        );
        if (dx && dMap) {
          map.store(dMap, dx.at, image, images);
          dx.done(image * map.size, images * map.size);
        }
      },
      map.several,
    );
    for (const part of map.parts) unpackKernel(call, part, dKernels[part.group]!);
    bias.finish();
  },
};

/** Padded maps of a few images of a convolution's input, and the way between them and rows of windows. */
function mapOf(op: OpOf<"conv">, call: Call) {
  const { stride, dilation, groups } = op;
  const { kernels } = call.heap;
  const x = call.inputs[0]!;
  const [, height, width] = x.shape;
  const { high, wide, taps } = liveTaps(op, x.shape);
  const [top, left] = [high, wide].map((side) => ((side - 1) / 2) * dilation) as [number, number];
  const mapWidth = width + 2 * left;
  const numbers = (height + 2 * top) * mapWidth * x.stride;
  const sizes = sizesOf(call, { taps, groups });
  const tap = padded(sizes.deep);
  /** Of a group; of the only one with its padding, which meets zeros of the kernel, and is copied faster than left out. */
  const channels = groups === 1 ? tap : sizes.deep;
  const [, outHeight, outWidth] = call.shape;
  const positions = outHeight * outWidth;
  const size = height * width;
  const most = Math.max(4, 4 * Math.floor(unfolded / sizes.depth / 4));
  const several = Math.max(1, Math.min(call.batch, Math.floor(Math.min(most, 2 * blockRows) / positions)));
  const maps = zeros(call, several * numbers);
  /** Visit what rows `from` to `from + count` of the images' windows are in each map, and the row each starts at. */
  const eachMap = (
    from: number,
    count: number,
    visit: (past: number, first: number, count: number, row: number) => void,
  ) => {
    for (let row = 0; row < count; ) {
      const map = Math.floor((from + row) / positions);
      const first = from + row - map * positions;
      const length = Math.min(count - row, positions - first);
      visit(4 * numbers * map, first, length, row);
      row += length;
    }
  };
  const rows = rowsOf(call.heap, x, size, call.take);
  const form: WindowRows = {
    mapWidth,
    mapChannels: x.stride,
    tap,
    high,
    wide,
    step: stride,
    dilation,
    outWidth,
  };
  return {
    ...sizes,
    /** Positions of an image of the output, and of the input. */
    positions,
    size,
    /** Positions whose windows are unfolded at a time. */
    block: Math.min(several * positions, most),
    /** Images whose maps are held at a time. */
    several,
    parts: Array.from({ length: groups }, (_, group): Part => ({ taps, group, groups })),
    load(image: number, images: number) {
      for (let i = 0; i < images; i++)
        kernels.intoPadded(
          rows((image + i) * size, size),
          maps + 4 * numbers * i,
          height,
          width,
          x.stride,
          mapWidth,
          top,
          left,
        );
    },
    unfold(part: Part, from: number, count: number, out: Address) {
      const span = [part.group * sizes.deep, channels] as const;
      eachMap(from, count, (past, first, length, row) =>
        windowRows("unfold", kernels, form, span, first, length, maps + past, out + 4 * sizes.depth * row),
      );
    },
    fold(part: Part, from: number, count: number, unfoldedRows: Address, to: Address) {
      const span = [part.group * sizes.deep, channels] as const;
      eachMap(from, count, (past, first, length, row) =>
        windowRows(
          "fold",
          kernels,
          form,
          span,
          first,
          length,
          to + past,
          unfoldedRows + 4 * sizes.depth * row,
        ),
      );
    },
    /** Maps of zeros for gradients; `clear` makes them so again, `store` copies the images out of them. */
    zeros: () => zeros(call, several * numbers),
    clear: (at: Address) => call.heap.clear(at, several * numbers),
    store(from: Address, to: Address, image: number, images: number) {
      for (let i = 0; i < images; i++)
        kernels.outOfPadded(
          from + 4 * numbers * i,
          to + 4 * x.stride * (image + i) * size,
          height,
          width,
          x.stride,
          mapWidth,
          top,
          left,
        );
    },
  };
}
