import type { OpOf } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call, Operator } from "../operator.js";
import { padded, rowsOf } from "../value.js";
import { zeros } from "./kernelMatrix.js";
import { relativeBias } from "./relativeBias.js";

/**
 * Multi-head attention, one image and head at a time: scores = q·kᵀ, shares = softmax(scores/√depth + bias), out = shares·v.
 * Positions and the depth of a head are filled up with zeros to whole vectors, where shares are 0.
 */
export const attention: Operator<"attention"> = {
  forward(op, call) {
    const { kernels } = call.heap;
    const { out } = call;
    const head = headsOf(op, call);
    const { places, wide, depth, stride } = head;
    const [q, k, v] = [head.matrix(), head.matrix(), head.matrix()];
    const [shares, panels, result] = [head.scores(), head.panels(), head.matrix()];
    for (let image = 0; image < call.batch; image++) {
      const y = out.at + 4 * stride * places * image;
      kernels.clearColumns(y + 4 * call.shape[0], 4 * stride, places, stride - call.shape[0]);
      for (let h = 0; h < op.heads; h++) {
        head.read(0, image, h, q);
        head.read(1, image, h, k);
        head.read(2, image, h, v);
        head.attend(q, k, h, shares, panels);
        kernels.packPanels(v, depth, 1, wide, depth, panels);
        kernels.product(shares, 4 * wide, panels, result, 4 * depth, places, wide, depth);
        kernels.copyColumns(result, 4 * depth, y + 4 * head.deep * h, 4 * stride, places, head.deep);
      }
      out.done(places * image, places);
    }
  },

  backward(op, call) {
    const { heap } = call;
    const { kernels } = heap;
    const head = headsOf(op, call);
    const { places, wide, depth, deep, stride } = head;
    const [q, k, v, dy] = [head.matrix(), head.matrix(), head.matrix(), head.matrix()];
    const [shares, dScores, panels, result] = [head.scores(), head.scores(), head.panels(), head.matrix()];
    const dBias = zeros(call, op.heads * wide * wide);
    const gradients = call.gradientRows(places);
    const sinks = [0, 1, 2].map((i) => call.into(i));
    for (let image = 0; image < call.batch; image++) {
      const rows = gradients(places * image, places);
      const write = (input: number, h: number) => {
        const sink = sinks[input];
        if (sink === undefined) return;
        const to = sink.at + 4 * (stride * places * image + deep * h);
        kernels.copyColumns(result, 4 * depth, to, 4 * stride, places, deep);
      };
      for (const sink of sinks)
        if (sink !== undefined)
          kernels.clearColumns(
            sink.at + 4 * (stride * places * image + call.shape[0]),
            4 * stride,
            places,
            stride - call.shape[0],
          );
      for (let h = 0; h < op.heads; h++) {
        head.read(0, image, h, q);
        head.read(1, image, h, k);
        head.read(2, image, h, v);
        kernels.copyColumns(rows + 4 * deep * h, 4 * stride, dy, 4 * depth, places, deep);
        head.attend(q, k, h, shares, panels);

        heap.clear(result, wide * depth);
        kernels.transposedProduct(shares, 4 * wide, dy, 4 * depth, result, 4 * depth, places, wide, depth);
        write(2, h);

        kernels.packPanels(v, 1, depth, depth, wide, panels);
        kernels.product(dy, 4 * depth, panels, dScores, 4 * wide, places, depth, wide);
        kernels.softmaxRowsGradient(shares, dScores, places, wide);
        kernels.addTo(dScores, dBias + 4 * wide * wide * h, places * wide);
        kernels.scaleBy(head.sharpness, dScores, places * wide);

        kernels.packPanels(k, depth, 1, wide, depth, panels);
        kernels.product(dScores, 4 * wide, panels, result, 4 * depth, places, wide, depth);
        write(0, h);
        heap.clear(result, wide * depth);
        kernels.transposedProduct(dScores, 4 * wide, q, 4 * depth, result, 4 * depth, places, wide, depth);
        write(1, h);
      }
      for (const sink of sinks) sink?.done(places * image, places);
    }
    if (op.table > 0) head.bias!.back(dBias, call.learned("table"));
  },
};

/** The heads of an attention as matrices [places, depth], and what attends to what. */
function headsOf(op: OpOf<"attention">, call: Call) {
  const { heap, take, inputs } = call;
  const { kernels } = heap;
  const [channels, height, width] = call.shape;
  const places = height * width;
  const wide = padded(places);
  const deep = channels / op.heads;
  const depth = padded(deep);
  const { stride } = inputs[0]!;
  const sharpness = 1 / Math.sqrt(deep);
  const rows = inputs.map((x) => rowsOf(heap, x, places, take));
  const bias = op.table === 0 ? undefined : relativeBias(op, call, wide);
  return {
    places,
    wide,
    deep,
    depth,
    stride,
    sharpness,
    bias,
    /** Of a head, zeros beyond places and depth. */
    matrix: () => zeros(call, wide * depth),
    scores: () => zeros(call, wide * wide),
    /** Room for q, k or v as panels. */
    panels: () => take(wide * depth),
    read: (input: number, image: number, h: number, to: Address) =>
      kernels.copyColumns(
        rows[input]!(places * image, places) + 4 * deep * h,
        4 * stride,
        to,
        4 * depth,
        places,
        deep,
      ),
    attend(q: Address, k: Address, h: number, shares: Address, panels: Address) {
      kernels.packPanels(k, 1, depth, depth, wide, panels);
      kernels.product(q, 4 * depth, panels, shares, 4 * wide, places, depth, wide);
      const biasAt = bias === undefined ? 0 : bias.at + 4 * wide * wide * h;
      kernels.softmaxRows(shares, sharpness, biasAt, places, places, wide);
    },
  };
}
