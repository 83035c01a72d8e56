import type { Operator } from "../operator.js";
import { blockRows, eachBlock, rowsOf } from "../value.js";

/** Channel shuffle; its gradient is the shuffle that undoes it. */
export const shuffle: Operator<"shuffle"> = {
  forward({ groups }, { heap, take, inputs, out }) {
    const { rows, stride, shape } = inputs[0]!;
    const read = rowsOf(heap, inputs[0]!, blockRows, take);
    eachBlock(rows, (row, count) => {
      const y = out.at + 4 * stride * row;
      heap.kernels.shuffleChannels(read(row, count), y, count, shape[0], stride, groups);
      out.done(row, count);
    });
  },

  backward({ groups }, call) {
    const { rows, stride, shape } = call.inputs[0]!;
    const gradients = call.gradientRows(blockRows);
    const dx = call.into(0);
    if (dx === undefined) return;
    eachBlock(rows, (row, count) => {
      const to = dx.at + 4 * stride * row;
      const undo = shape[0] / groups;
      call.heap.kernels.shuffleChannels(gradients(row, count), to, count, shape[0], stride, undo);
      dx.done(row, count);
    });
  },
};
