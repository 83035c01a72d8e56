import { normEpsilon } from "../../../graph/op.js";
import type { Role } from "../../../graph/weights.js";
import type { Call, Operator } from "../operator.js";
import { blockRows, eachBlock, rowsOf } from "../value.js";
import { zeros } from "./kernelMatrix.js";

/** Normalisation over the channels of each position. */
export const layerNorm: Operator<"layerNorm"> = {
  forward(_, call) {
    const { heap, out } = call;
    const x = call.inputs[0]!;
    const [gamma, beta] = [widened(call, "gamma"), widened(call, "beta")];
    const rows = rowsOf(heap, x, blockRows, call.take);
    eachBlock(x.rows, (row, count) => {
      const y = out.at + 4 * x.stride * row;
      heap.kernels.layerNorm(rows(row, count), gamma, beta, y, count, x.shape[0], x.stride, normEpsilon);
      out.done(row, count);
    });
  },

  backward(_, call) {
    const { heap } = call;
    const { kernels } = heap;
    const x = call.inputs[0]!;
    const gamma = widened(call, "gamma");
    const [dGamma, dBeta] = [zeros(call, x.stride), zeros(call, x.stride)];
    const unread = call.take(blockRows * x.stride);
    const dx = call.into(0, "output");
    const rows = rowsOf(heap, x, blockRows, call.take);
    const gradients = call.gradientRows(blockRows);
    eachBlock(x.rows, (row, count) => {
      const dy = gradients(row, count);
      const to = dx === undefined ? unread : dx.at + 4 * x.stride * row;
      kernels.layerNormGradient(
        dy,
        rows(row, count),
        gamma,
        to,
        dGamma,
        dBeta,
        count,
        x.shape[0],
        x.stride,
        normEpsilon,
      );
      dx?.done(row, count);
    });
    kernels.copyColumns(dGamma, 0, call.learned("gamma"), 0, 1, x.shape[0]);
    kernels.copyColumns(dBeta, 0, call.learned("beta"), 0, 1, x.shape[0]);
  },
};

/** A weight by channel, filled up with zeros to whole vectors. */
function widened(call: Call, role: Role) {
  const { shape, stride } = call.inputs[0]!;
  const wide = zeros(call, stride);
  call.heap.kernels.copyColumns(call.weight(role).at, 0, wide, 0, 1, shape[0]);
  return wide;
}
