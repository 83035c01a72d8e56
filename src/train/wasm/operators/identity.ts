import type { Backward, Forward } from "../operator.js";
import { blockRows, eachBlock, rowsOf } from "../value.js";

/** The anchor of a unit that has none: what its reader would read, written down. */
export const identity = {
  forward({ heap, take, inputs, out }: Forward): void {
    const { rows, stride } = inputs[0]!;
    const read = rowsOf(heap, inputs[0]!, blockRows, take);
    eachBlock(rows, (row, count) => {
      const to = out.at + 4 * stride * row;
      heap.kernels.copyColumns(read(row, count), 0, to, 0, 1, count * stride);
      out.done(row, count);
    });
  },

  backward(call: Backward): void {
    const { rows, stride } = call.inputs[0]!;
    const gradients = call.gradientRows(blockRows);
    const dx = call.into(0, "output");
    if (dx === undefined) return;
    eachBlock(rows, (row, count) => {
      const to = dx.at + 4 * stride * row;
      const dy = gradients(row, count);
      if (to !== dy) call.heap.kernels.copyColumns(dy, 0, to, 0, 1, count * stride);
      dx.done(row, count);
    });
  },
};
