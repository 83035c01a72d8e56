import type { Operator } from "../operator.js";
import { blockRows, eachBlock, padded, rowsOf } from "../value.js";

/** Channels of several inputs side by side. */
export const concat: Operator<"concat"> = {
  forward(_, { heap, take, inputs, shape, out }) {
    const { kernels } = heap;
    const stride = padded(shape[0]);
    const all = inputs.map((x) => rowsOf(heap, x, blockRows, take));
    eachBlock(inputs[0]!.rows, (row, count) => {
      let to = out.at + 4 * stride * row;
      inputs.forEach((x, i) => {
        kernels.copyColumns(all[i]!(row, count), 4 * x.stride, to, 4 * stride, count, x.shape[0]);
        to += 4 * x.shape[0];
      });
      kernels.clearColumns(to, 4 * stride, count, stride - shape[0]);
      out.done(row, count);
    });
  },

  backward(_, call) {
    const { kernels } = call.heap;
    const stride = padded(call.shape[0]);
    const gradients = call.gradientRows(blockRows);
    const sinks = call.inputs.map((_, i) => call.into(i));
    eachBlock(call.inputs[0]!.rows, (row, count) => {
      let from = gradients(row, count);
      call.inputs.forEach((x, i) => {
        const sink = sinks[i];
        if (sink !== undefined) {
          const to = sink.at + 4 * x.stride * row;
          kernels.copyColumns(from, 4 * stride, to, 4 * x.stride, count, x.shape[0]);
          kernels.clearColumns(to + 4 * x.shape[0], 4 * x.stride, count, x.stride - x.shape[0]);
          sink.done(row, count);
        }
        from += 4 * x.shape[0];
      });
    });
  },
};
