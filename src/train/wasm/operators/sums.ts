import type { Kind } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import { blockRows, eachBlock, rowsOf } from "../value.js";

/** The inputs' sum, or a share of it; every input gets the same gradient. */
const sum = <K extends Kind>(shareOf: (inputs: number) => number): Operator<K> => ({
  forward(_, { heap, take, inputs, out }) {
    const { rows, stride } = inputs[0]!;
    const share = shareOf(inputs.length);
    const all = inputs.map((x) => rowsOf(heap, x, blockRows, take));
    eachBlock(rows, (row, count) => {
      const y = out.at + 4 * stride * row;
      all.forEach((read, i) => {
        const from = read(row, count);
        if (i === 0) heap.kernels.copyColumns(from, 0, y, 0, 1, count * stride);
        else heap.kernels.addTo(from, y, count * stride);
      });
      if (share !== 1) heap.kernels.scaleBy(share, y, count * stride);
      out.done(row, count);
    });
  },

  backward(_, call) {
    const { kernels } = call.heap;
    const { rows, stride } = call.inputs[0]!;
    const share = shareOf(call.inputs.length);
    const gradients = call.gradientRows(blockRows);
    const over = call.into(0, "output");
    const others = call.inputs.slice(1).map((_, i) => call.into(i + 1));
    const sinks = [...others, over].filter((sink) => sink !== undefined);
    eachBlock(rows, (row, count) => {
      const dy = gradients(row, count);
      for (const sink of sinks) {
        const to = sink.at + 4 * stride * row;
        if (to !== dy) kernels.copyColumns(dy, 0, to, 0, 1, count * stride);
        if (share !== 1) kernels.scaleBy(share, to, count * stride);
        sink.done(row, count);
      }
    });
  },
});

export const add = sum<"add">(() => 1);
export const average = sum<"average">((inputs) => 1 / inputs);
