import type { OpOf, Shape } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { PlaneVectors } from "../microKernels.js";
import type { Backward, Call, Operator } from "../operator.js";
import { type Room, sourceOf, spotOf } from "../source.js";
import { padded } from "../value.js";
import { biasGradient, biasOf } from "./bias.js";
import { zeros } from "./kernelMatrix.js";
import { liveTaps } from "./liveTaps.js";
import { type Phase, phasesOf, reachOf } from "./phases.js";
import { paddingOf, planesOf } from "./planes.js";

/** A depthwise convolution, one image at a time, dealt out to planes of four channels. */
export const depthwise: Operator<"conv"> = {
  forward(whole, call) {
    const x = call.inputs[0]!;
    const op = cropped(whole, x.shape);
    const [, outHeight, outWidth] = call.shape;
    const positions = outHeight * outWidth;
    const planes = inputPlanes(op, call);
    const filter = forwardFilter(op, call, planes);
    const addBias = biasOf(op, call);
    const [, height, width] = x.shape;
    const source = sourceOf(call.heap, x);
    for (let image = 0; image < call.batch; image++) {
      source.deal(image * height * width, height, width, planes);
      const y = call.out.at + 4 * x.stride * image * positions;
      filter(y);
      addBias(y, positions);
      call.out.done(image * positions, positions);
    }
  },

  backward(whole, call) {
    const { kernels } = call.heap;
    const x = call.inputs[0]!;
    const op = cropped(whole, x.shape);
    const [, height, width] = x.shape;
    const [, outHeight, outWidth] = call.shape;
    const positions = outHeight * outWidth;
    const planes = inputPlanes(op, call);
    const gradients = gradientPlanes(op, call);
    const dWeights = zeros(call, op.taps.length * x.stride);
    const addGradient = weightGradient(op, call, planes, gradients, dWeights);
    const bias = biasGradient(op, call);
    const dx = call.into(0, "output");
    const filter = dx && backwardFilter(op, call, gradients);
    const source = sourceOf(call.heap, x);
    const biasRows = op.bias ? call.gradientRows(positions) : undefined;
    for (let image = 0; image < call.batch; image++) {
      source.deal(image * height * width, height, width, planes);
      call.gradient.deal(image * positions, outHeight, outWidth, gradients);
      if (biasRows) bias.add(biasRows(image * positions, positions), positions);
      addGradient();
      if (dx === undefined || filter === undefined) continue;
      filter(dx.at + 4 * x.stride * image * height * width);
      dx.done(image * height * width, height * width);
    }
    const learned = call.learned("kernel");
    op.taps.forEach((tap, i) => {
      kernels.copyColumns(dWeights + 4 * x.stride * i, 0, learned + 4 * op.out * tap, 0, 1, op.out);
    });
    bias.finish();
  },
};

/** A convolution with as small a kernel as does the same on a map: `taps` are its own by their number in the whole kernel. */
interface Cropped extends OpOf<"conv"> {
  readonly taps: readonly number[];
}

function cropped(op: OpOf<"conv">, shape: Shape): Cropped {
  const { high, wide } = liveTaps(op, shape);
  const kernel = Math.max(high, wide);
  const first = (op.kernel - kernel) / 2;
  const side = Array.from({ length: kernel }, (_, i) => first + i);
  return { ...op, kernel, taps: side.flatMap((y) => side.map((x) => y * op.kernel + x)) };
}

const inputPlanes = (op: OpOf<"conv">, call: Call): Room =>
  planesOf(call, call.inputs[0]!.shape, vectorsOf(op, call), paddingOf(op), paddingOf(op));

/** Planes of the output's gradient, with zeros for outputs that are not there but that a tap could meet. */
function gradientPlanes(op: OpOf<"conv">, call: Call): Room {
  const [, height, width] = call.inputs[0]!.shape;
  const [, outHeight, outWidth] = call.shape;
  const down = reachOf(phasesOf(op, height), outHeight);
  const right = reachOf(phasesOf(op, width), outWidth);
  return planesOf(call, call.shape, vectorsOf(op, call), down, right);
}

/** Forms that are written out: [width, stride, dilation] by their code, as in src/train/kernels/depthwiseRows.mjs. */
const squares = ["3,1,1", "3,2,1", "3,1,2", "3,1,3", "5,1,1", "5,2,1", "7,1,1", "7,2,1"];
const forms = [...squares, "1,1,1", "2,1,1", "4,1,1"];
const formOf = ({ kernel, stride, dilation }: OpOf<"conv">) =>
  squares.indexOf(`${kernel},${stride},${dilation}`);

/** Planes of eight channels are for what is written out, forth and back, and only as good where V8 makes one operation of two. */
const vectorsOf = (op: OpOf<"conv">, { heap }: Call): PlaneVectors =>
  op.dilation === 1 && formOf(op) >= 0 && padded(op.out) % 8 === 0 ? heap.planeVectors : 1;

/** Writes an image of the output, from the planes of the input. */
function forwardFilter(op: Cropped, call: Call, planes: Room): (to: Address) => void {
  const { kernels } = call.heap;
  const [, height, width] = call.shape;
  const wide = 4 * padded(op.out);
  const groups = padded(op.out) / 4;
  const weights = weightRows(op, call);
  const { at, size, pitch, vectors } = planes;
  const [down, right] = [op.stride * pitch, op.stride * spotOf(planes)];
  const form = formOf(op);
  if (form >= 0)
    return (to) =>
      kernels.correlateForm(
        form,
        op.kernel,
        at,
        size,
        0,
        pitch,
        down,
        weights,
        to,
        wide * width,
        wide,
        height,
        width,
        groups,
        vectors,
      );
  const { list, count } = tapList(call, forwardTaps(op, planes));
  return (to) =>
    kernels.correlate(
      at,
      size,
      0,
      down,
      right,
      list,
      count,
      weights,
      to,
      wide * width,
      wide,
      height,
      width,
      groups,
    );
}

/** Writes an image of the input's gradient, from the planes of the output's. */
function backwardFilter(op: Cropped, call: Backward, planes: Room): (to: Address) => void {
  const { kernels } = call.heap;
  const [, height, width] = call.inputs[0]!.shape;
  const { kernel, stride } = op;
  const wide = 4 * padded(op.out);
  const groups = padded(op.out) / 4;
  const weights = weightRows(op, call);
  const { at, size, pitch, origin, vectors } = planes;
  const spot = spotOf(planes);
  const phases = phasesOf(op, height).flatMap((down) =>
    phasesOf(op, width).map((right) => {
      const to = wide * (down.first * width + right.first);
      const offset = origin + down.q * pitch + right.q * spot;
      const taps = down.taps.flatMap((v) => right.taps.map((h) => ({ v, h })));
      const form =
        taps.length > 0 && dense(down) && dense(right) ? forms.indexOf(`${right.taps.length},1,1`) : -1;
      if (form >= 0) {
        // The last taps meet the first outputs.
        const turned = call.take(taps.length * groups * 4);
        taps.toReversed().forEach(({ v, h }, i) => {
          kernels.copyColumns(
            weights + wide * (v.tap * kernel + h.tap),
            0,
            turned + wide * i,
            0,
            1,
            wide / 4,
          );
        });
        const [above, before] = [down.taps.at(-1)!.back, right.taps.at(-1)!.back];
        const first = offset - above * pitch - before * spot;
        return (image: Address) =>
          kernels.correlateForm(
            form,
            down.taps.length,
            at,
            size,
            first,
            pitch,
            pitch,
            turned,
            image + to,
            wide * width * stride,
            wide * stride,
            down.count,
            right.count,
            groups,
            vectors,
          );
      }
      const { list, count } = tapList(
        call,
        taps.map(({ v, h }) => ({
          input: -(v.back * pitch + h.back * spot),
          weight: wide * (v.tap * kernel + h.tap),
        })),
      );
      return (image: Address) =>
        kernels.correlate(
          at,
          size,
          offset,
          pitch,
          spot,
          list,
          count,
          weights,
          image + to,
          wide * width * stride,
          wide * stride,
          down.count,
          right.count,
          groups,
        );
    }),
  );
  return (image) => {
    for (const phase of phases) phase(image);
  };
}

/** Whether a phase's taps meet outputs side by side. */
const dense = ({ taps }: Phase): boolean => taps.every(({ back }, i) => back === taps[0]!.back + i);

/** Adds an image's share to the gradient of the weights, [kernel², padded channels]. */
function weightGradient(op: OpOf<"conv">, call: Call, x: Room, dy: Room, dWeights: Address): () => void {
  const { kernels } = call.heap;
  const [, height, width] = call.shape;
  const groups = padded(op.out) / 4;
  const gradients = dy.at + dy.origin;
  const form = formOf(op);
  if (form >= 0)
    return () =>
      kernels.correlateFormGradient(
        form,
        x.at,
        x.size,
        x.pitch,
        gradients,
        dy.size,
        dy.pitch,
        dWeights,
        height,
        width,
        groups,
        x.vectors,
      );
  const { list, count } = tapList(call, forwardTaps(op, x));
  const [down, right] = [op.stride * x.pitch, op.stride * spotOf(x)];
  return () =>
    kernels.correlateGradient(
      x.at,
      x.size,
      down,
      right,
      list,
      count,
      gradients,
      dy.size,
      dy.pitch,
      dWeights,
      height,
      width,
      groups,
    );
}

/** Bytes from a window's start to an input, and from the weights' start to the tap's. */
interface Tap {
  readonly input: number;
  readonly weight: number;
}

/** Every tap, seen from the window of an output. */
const forwardTaps = ({ kernel, dilation, out }: OpOf<"conv">, planes: Room): Tap[] =>
  Array.from({ length: kernel * kernel }, (_, tap) => ({
    input: dilation * (Math.floor(tap / kernel) * planes.pitch + (tap % kernel) * spotOf(planes)),
    weight: 4 * padded(out) * tap,
  }));

/** Taps as the kernels read them: pairs of i32. */
function tapList({ heap, take }: Call, taps: readonly Tap[]): { list: Address; count: number } {
  const list = take(2 * Math.max(1, taps.length));
  heap.integers(list, 2 * taps.length).set(taps.flatMap(({ input, weight }) => [input, weight]));
  return { list, count: taps.length };
}

/** The taps that count, of a kernel [kernel, kernel, 1, channels], as rows of padded channels. */
function weightRows({ taps, out }: Cropped, call: Call): Address {
  const wide = padded(out);
  const rows = zeros(call, taps.length * wide);
  const from = call.weight("kernel").at;
  taps.forEach((tap, i) => {
    call.heap.kernels.copyColumns(from + 4 * out * tap, 0, rows + 4 * wide * i, 0, 1, out);
  });
  return rows;
}
