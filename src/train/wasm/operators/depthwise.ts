import type { OpOf } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call, Operator } from "../operator.js";
import { padded, rowsOf } from "../value.js";
import { biasGradient, biasOf } from "./bias.js";
import { zeros } from "./kernelMatrix.js";

/** Bytes of a position in a plane: four float32. */
const spot = 16;

/** A depthwise convolution: each image dealt out to planes of four channels with a border of zeros. */
export const depthwise: Operator<"conv"> = {
  forward(op, call) {
    const { heap, out } = call;
    const { kernels } = heap;
    const layout = layoutOf(op, call);
    const { x, stride, groups, outHeight, outWidth, positions } = layout;
    const weights = weightRows(op, call);
    const taps = tapList(call, forwardTaps(op, layout));
    const addBias = biasOf(op, call);
    for (let image = 0; image < call.batch; image++) {
      layout.load(image);
      const y = out.at + 4 * x.stride * image * positions;
      kernels.correlate(
        layout.planes,
        layout.planeSize,
        0,
        stride * layout.pitch,
        stride * spot,
        taps.at,
        taps.count,
        weights,
        y,
        4 * x.stride * outWidth,
        4 * x.stride,
        outHeight,
        outWidth,
        groups,
      );
      addBias(y, positions);
      out.done(image * positions, positions);
    }
  },

  backward(op, call) {
    const { heap } = call;
    const { kernels } = heap;
    const layout = layoutOf(op, call);
    const { x, stride, groups, height, width, outHeight, outWidth, positions } = layout;
    const back = gradientLayout(op, layout);
    const planes = zeros(call, (back.planeSize * groups) / 4);
    const weights = weightRows(op, call);
    const dWeights = zeros(call, op.kernel * op.kernel * x.stride);
    const bias = biasGradient(op, call);
    const dx = call.into(0);
    const phases = dx ? back.phases.map((phase) => ({ ...phase, list: tapList(call, phase.taps) })) : [];
    const taps = tapList(call, forwardTaps(op, layout));
    const gradients = call.gradientRows(positions);
    for (let image = 0; image < call.batch; image++) {
      layout.load(image);
      const dy = gradients(image * positions, positions);
      bias.add(dy, positions);
      kernels.toPlanes(
        dy,
        outHeight,
        outWidth,
        x.stride,
        planes,
        back.planeSize,
        back.origin,
        back.pitch,
        spot,
      );
      kernels.correlateGradient(
        layout.planes,
        layout.planeSize,
        stride * layout.pitch,
        stride * spot,
        taps.at,
        taps.count,
        planes + back.origin,
        back.planeSize,
        back.pitch,
        dWeights,
        outHeight,
        outWidth,
        groups,
      );
      if (dx === undefined) continue;
      const size = height * width;
      const to = dx.at + 4 * x.stride * image * size;
      for (const { row, column, rows, columns, offset, list } of phases)
        kernels.correlate(
          planes,
          back.planeSize,
          offset,
          back.pitch,
          spot,
          list.at,
          list.count,
          weights,
          to + 4 * x.stride * (row * width + column),
          4 * x.stride * width * stride,
          4 * x.stride * stride,
          rows,
          columns,
          groups,
        );
      dx.done(image * size, size);
    }
    const dKernel = call.learned("kernel");
    kernels.copyColumns(dWeights, 4 * x.stride, dKernel, 4 * op.out, op.kernel * op.kernel, op.out);
    bias.finish();
  },
};

/** Bytes from a window's start to an input, and from the weights' start to the tap's. */
interface Tap {
  readonly input: number;
  readonly weight: number;
}

/** Bytes of a plane, such that planes do not fall on the same cache sets: an odd number of lines. */
const planeBytes = (bytes: number) => (Math.ceil(bytes / 64) | 1) * 64;

/** The planes of the input, and how an image gets there. */
function layoutOf(op: OpOf<"conv">, call: Call) {
  const x = call.inputs[0]!;
  const [, height, width] = x.shape;
  const [, outHeight, outWidth] = call.shape;
  const pad = ((op.kernel - 1) / 2) * op.dilation;
  const pitch = (width + 2 * pad) * spot;
  const planeSize = planeBytes((height + 2 * pad) * pitch);
  const groups = x.stride / 4;
  const planes = zeros(call, (planeSize * groups) / 4);
  const size = height * width;
  const rows = rowsOf(call.heap, x, size, call.take);
  return {
    x,
    height,
    width,
    outHeight,
    outWidth,
    positions: outHeight * outWidth,
    stride: op.stride,
    pad,
    groups,
    pitch,
    planes,
    planeSize,
    load: (image: number) =>
      call.heap.kernels.toPlanes(
        rows(image * size, size),
        height,
        width,
        x.stride,
        planes,
        planeSize,
        pad * pitch + pad * spot,
        pitch,
        spot,
      ),
  };
}

type Layout = ReturnType<typeof layoutOf>;

/** Every tap, seen from the window of an output. */
const forwardTaps = ({ kernel, dilation }: OpOf<"conv">, { pitch, x }: Layout): Tap[] =>
  Array.from({ length: kernel * kernel }, (_, tap) => ({
    input: Math.floor(tap / kernel) * dilation * pitch + (tap % kernel) * dilation * spot,
    weight: 4 * x.stride * tap,
  }));

/**
 * The planes of the output's gradient, and which of its positions an input reaches. Inputs `stride` apart reach the same
 * taps, so they make one phase: input p = stride · q + r - pad meets tap k where k · dilation ≡ r (mod stride), in output
 * q - (k · dilation - r) / stride. Borders of zeros stand for outputs that are not there.
 */
function gradientLayout({ kernel, dilation, stride }: OpOf<"conv">, layout: Layout) {
  const { pad, height, width, outHeight, outWidth, x } = layout;
  const before = Math.floor(((kernel - 1) * dilation) / stride);
  const after = (side: number, outSide: number) => Math.floor((side - 1 + pad) / stride) + 1 - outSide;
  const pitch = (before + outWidth + Math.max(0, after(width, outWidth))) * spot;
  const planeSize = planeBytes((before + outHeight + Math.max(0, after(height, outHeight))) * pitch);
  const reach = (r: number) =>
    Array.from({ length: kernel }, (_, k) => ({ k, back: (k * dilation - r) / stride })).filter(({ back }) =>
      Number.isInteger(back),
    );
  /** The first input of a phase along one side, its q, and how many inputs there are. */
  const along = (r: number, side: number) => {
    const first = (((r - pad) % stride) + stride) % stride;
    return { first, q: (first + pad - r) / stride, count: Math.max(0, Math.ceil((side - first) / stride)) };
  };
  const phases = Array.from({ length: stride * stride }, (_, phase) => {
    const [down, right] = [Math.floor(phase / stride), phase % stride];
    const [y, z] = [along(down, height), along(right, width)];
    return {
      row: y.first,
      column: z.first,
      rows: y.count,
      columns: z.count,
      offset: (before + y.q) * pitch + (before + z.q) * spot,
      taps: reach(down).flatMap((v) =>
        reach(right).map(
          (h): Tap => ({
            input: -(v.back * pitch + h.back * spot),
            weight: 4 * x.stride * (v.k * kernel + h.k),
          }),
        ),
      ),
    };
  });
  return { pitch, planeSize, origin: before * pitch + before * spot, phases };
}

/** The kernel, [kernel, kernel, 1, channels], as rows of `stride` numbers. */
function weightRows({ kernel, out }: OpOf<"conv">, call: Call): Address {
  const width = padded(out);
  const rows = zeros(call, kernel * kernel * width);
  const from = call.heap.address(call.weight("kernel"));
  call.heap.kernels.copyColumns(from, 4 * out, rows, 4 * width, kernel * kernel, out);
  return rows;
}

/** Taps as the kernels read them: pairs of i32. */
function tapList({ heap, take }: Call, taps: readonly Tap[]): { at: Address; count: number } {
  const at = take(Math.max(1, 2 * taps.length));
  const numbers = taps.flatMap(({ input, weight }) => [input, weight]);
  const list = new Int32Array(heap.floats(at, numbers.length).buffer, at, numbers.length);
  list.set(numbers);
  return { at, count: taps.length };
}
