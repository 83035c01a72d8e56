import type { OpOf } from "../../../graph/op.js";
import type { Call, Operator } from "../operator.js";
import { blockRows, eachBlock, padded, rowsOf } from "../value.js";
import { biasGradient, biasOf } from "./bias.js";
import { type Part, packKernel, unpackKernel, zeros } from "./kernelMatrix.js";
import { liveTaps } from "./liveTaps.js";

/** The kernel as one matrix. */
const whole = (op: OpOf<"conv">, { inputs }: Call): Part => ({
  taps: liveTaps(op, inputs[0]!.shape).taps,
  group: 0,
  groups: 1,
});

/**
 * A convolution at stride 1 of which one tap counts, such as 1 × 1 and the linear layer: one matrix product over the rows as
 * they lie.
 */
export const pointwise: Operator<"conv"> = {
  forward(op, call) {
    const { heap, out } = call;
    const x = call.inputs[0]!;
    const width = padded(op.out);
    const panels = packKernel(call, whole(op, call), "forward");
    const addBias = biasOf(op, call);
    const rows = rowsOf(heap, x, blockRows, call.take);
    eachBlock(x.rows, (row, count) => {
      const y = out.at + 4 * width * row;
      heap.kernels.product(rows(row, count), 4 * x.stride, panels, y, 4 * width, count, x.stride, width);
      addBias(y, count);
      out.done(row, count);
    });
  },

  backward(op, call) {
    const { kernels } = call.heap;
    const x = call.inputs[0]!;
    const width = padded(op.out);
    const dx = call.into(0);
    const part = whole(op, call);
    const panels = dx && packKernel(call, part, "backward");
    const dKernel = zeros(call, x.stride * width);
    const bias = biasGradient(op, call);
    const rows = rowsOf(call.heap, x, blockRows, call.take);
    const gradients = call.gradientRows(blockRows);
    const [deep, wide] = [4 * x.stride, 4 * width];
    eachBlock(x.rows, (row, count) => {
      const dy = gradients(row, count);
      bias.add(dy, count);
      kernels.transposedProduct(rows(row, count), deep, dy, wide, dKernel, wide, count, x.stride, width);
      if (dx === undefined || panels === undefined) return;
      kernels.product(dy, wide, panels, dx.at + deep * row, deep, count, width, x.stride);
      dx.done(row, count);
    });
    unpackKernel(call, part, dKernel);
    bias.finish();
  },
};
